#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pith/base/byte_stream.h"
#include "pith/cli/verb.h"
#include "pith/text/tokenizer.h"

namespace pith {
namespace {

constexpr std::size_t kReadBytes = 1 << 16;
constexpr std::size_t kLongestId = 20;
constexpr std::string_view kBetween = " ,\t\r\n[]";  // so that a list as Python prints it is read

class DecodeVerb : public Verb {
 public:
  std::string name() const override { return "decode"; }
  std::string purpose() const override { return "Turn token ids back into text"; }
  std::string example() const override {
    return "pith decode ids.txt --tokenizer my-model\n"
           "pith encode page.txt --tokenizer my-model | pith decode --tokenizer my-model";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(
        file_, "FILE",
        "File of ids with blanks or commas between them; standard input when it is - or not given");
    arguments.option(tokenizer_, "--tokenizer", "T", "A tokenizer.json, or a model folder");
    arguments.required();
    arguments.flag(skip_special_, "--skip-special", "Leave special tokens out");
  }

  // One page or piece of text after another, on one thread.
  Uses uses() const override { return {.threads = false, .seed = false, .memory = false}; }

  Result<Json> run(const VerbContext& verb) override {
    PITH_ASSIGN(const Tokenizer tokenizer, Tokenizer::load(tokenizer_));
    PITH_ASSIGN(const std::unique_ptr<ByteSource> source, open_file_or_stdin(file_));
    std::array<char, kReadBytes> buffer;
    std::string id, text;  // an id may go over the end of the buffer
    std::uint64_t tokens = 0;
    for (std::size_t got = 1; got > 0;) {
      if (verb.context.stopped()) {
        return Error{ErrorKind::kInterrupted, "[decode] stopped while reading " + file_};
      }
      PITH_ASSIGN(got, source->read(buffer));
      std::string_view read(buffer.data(), got);
      while (!read.empty() || (got == 0 && !id.empty())) {
        const std::size_t end = read.find_first_of(kBetween);
        id.append(read.substr(0, end));
        if (end == std::string_view::npos && got > 0 && id.size() <= kLongestId) break;
        if (!id.empty()) PITH_TRY(add(tokenizer, id, ++tokens, text));
        id.clear();
        read.remove_prefix(end == std::string_view::npos ? read.size() : end + 1);
      }
      if (verb.json) continue;
      if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
        return io_error("[decode] cannot write to standard output");
      }
      text.clear();
    }
    Json json = Json::object();
    json.set("text", text);
    json.set("tokens", tokens);
    return json;
  }

 private:
  Status add(const Tokenizer& tokenizer, const std::string& spelled, std::uint64_t place,
             std::string& text) const {
    const auto fail = [&](const std::string& what) {
      return input_error("[decode] " + (file_ == "-" ? "standard input" : file_) + ": entry " +
                         std::to_string(place) + " " + what + ": " + spelled.substr(0, 40));
    };
    int id = -1;
    const char* const end = spelled.data() + spelled.size();
    const auto [stopped, error] = std::from_chars(spelled.data(), end, id);
    if (stopped != end || error == std::errc::invalid_argument) return fail("is no token id");
    if (error != std::errc() || tokenizer.token_bytes(id).empty()) {
      return fail("is no token of " + tokenizer_ + ", which has ids 0 to " +
                  std::to_string(tokenizer.vocab_size() - 1));
    }
    if (!skip_special_ || !tokenizer.is_special(id)) text += tokenizer.token_bytes(id);
    return {};
  }

  std::string file_ = "-", tokenizer_;
  bool skip_special_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_decode_verb() { return std::make_unique<DecodeVerb>(); }

}  // namespace pith
