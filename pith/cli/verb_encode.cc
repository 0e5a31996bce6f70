#include <chrono>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/byte_stream.h"
#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/formats/document_texts.h"
#include "pith/text/tokenizer.h"

namespace pith {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;
constexpr std::size_t kMostUncut = 32 << 20;  // takes some 24 times as much memory

// Encodes text and keeps count. The clock runs while it encodes, not while others read and print.
class CountedEncoder {
 public:
  CountedEncoder(const Tokenizer& tokenizer, SpecialTokens specials)
      : encoder_(tokenizer), specials_(specials) {}

  void whole(std::string_view text, std::vector<int>& ids) {
    const std::size_t before = ids.size();
    const auto begin = Clock::now();
    encoder_.encode(text, ids, specials_);
    count(text.size(), ids.size() - before, begin);
  }

  std::size_t front(std::string_view text, std::vector<int>& ids) {
    const std::size_t before = ids.size();
    const auto begin = Clock::now();
    const std::size_t length = encoder_.encode_front(text, ids, specials_);
    count(length, ids.size() - before, begin);
    return length;
  }

  Json figures() const {
    Json json = Json::object();
    json.set("tokens", tokens_);
    json.set("bytes", bytes_);
    json.set("seconds", seconds_);
    return json;
  }

 private:
  using Clock = std::chrono::steady_clock;
  void count(std::size_t bytes, std::size_t tokens, Clock::time_point begin) {
    seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
    bytes_ += bytes;
    tokens_ += tokens;
  }

  Encoder encoder_;
  const SpecialTokens specials_;
  std::uint64_t bytes_ = 0, tokens_ = 0;
  double seconds_ = 0;
};

// Appends ids to `out`, `separator` before each but the first.
void append_ids(std::span<const int> ids, std::string_view separator, bool& first,
                std::string& out) {
  for (const int id : ids) {
    if (!first) out += separator;
    first = false;
    out += std::to_string(id);
  }
}

Status print(std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    return io_error("[encode] cannot write to standard output");
  }
  text.clear();
  return {};
}

class EncodeVerb : public Verb {
 public:
  std::string name() const override { return "encode"; }
  std::string purpose() const override { return "Turn text into token ids"; }
  std::string example() const override {
    return "pith encode page.txt --tokenizer my-model > ids.txt\n"
           "echo Hello | pith encode --tokenizer tokenizer.json --json\n"
           "pith encode docs/ --documents --tokenizer tokenizer.json > ids.txt";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(file_, "FILE", "Text file; standard input when it is - or not given");
    arguments.option(tokenizer_, "--tokenizer", "T", "A tokenizer.json, or a model folder");
    arguments.required();
    arguments.flag(special_as_text_, "--special-as-text",
                   "Take what spells a special token, such as <|eos|>, as text like any other");
    arguments.flag(documents_, "--documents",
                   "FILE holds documents (what pith curate wrote, JSONL or Parquet); print a line "
                   "of ids for each");
    arguments.option(text_field_, "--text-field", "FIELD",
                     "Field of JSONL or column of Parquet that holds the text");
  }

  // One page or piece of text after another, on one thread.
  Uses uses() const override { return {.threads = false, .seed = false, .memory = false}; }

  Result<Json> run(const VerbContext& verb) override {
    PITH_ASSIGN(const Tokenizer tokenizer, Tokenizer::load(tokenizer_));
    CountedEncoder encoder(tokenizer,
                           special_as_text_ ? SpecialTokens::kAsText : SpecialTokens::kParse);
    if (documents_) return encode_documents(verb, encoder);
    return encode_text(verb, encoder);
  }

 private:
  // Reads, encodes and prints piece by piece; only --json keeps the ids.
  Result<Json> encode_text(const VerbContext& verb, CountedEncoder& encoder) const {
    PITH_ASSIGN(const std::unique_ptr<ByteSource> source, open_file_or_stdin(file_));
    std::string text, line;
    std::vector<int> ids;
    bool first = true;
    for (std::size_t wanted = 0, got = 1; got > 0;) {
      if (verb.context.stopped()) {
        return Error{ErrorKind::kInterrupted, "[encode] stopped while reading " + file_};
      }
      const std::size_t held = text.size();
      text.resize(held + kReadBytes);
      PITH_ASSIGN(got, source->read(std::span(text).subspan(held)));
      text.resize(held + got);
      if (got == 0) {
        encoder.whole(text, ids);
      } else if (text.size() < wanted) {
        continue;
      } else {
        const std::size_t length = encoder.front(text, ids);
        text.erase(0, length);
        // Where nothing can be cut, ever more is read first, so that the time stays linear.
        wanted = length > 0 ? 0 : 2 * text.size();
        if (text.size() > kMostUncut) {
          return capacity_error("[encode] " + file_ + ": has " + format_size(kMostUncut) +
                                " without a space or a line break, which takes too much memory to "
                                "encode; break it into lines");
        }
      }
      if (verb.json) continue;
      append_ids(ids, " ", first, line);
      ids.clear();
      PITH_TRY(print(line));
    }
    if (!verb.json) std::fputs("\n", stdout);
    Json json = encoder.figures();
    if (verb.json) json.set("ids", Json(JsonArray(ids.begin(), ids.end())));
    return json;
  }

  // A line a document; with --json a list of ids, and the figures last.
  Result<Json> encode_documents(const VerbContext& verb, CountedEncoder& encoder) const {
    std::vector<int> ids;
    std::string line;
    std::uint64_t documents = 0;
    PITH_TRY(for_each_text({file_, text_field_}, "encode", verb.context,
                           [&](std::string_view text) -> Status {
                             ids.clear();
                             encoder.whole(text, ids);
                             ++documents;
                             bool first = true;
                             line += verb.json ? "{\"ids\":[" : "";
                             append_ids(ids, verb.json ? "," : " ", first, line);
                             line += verb.json ? "]}\n" : "\n";
                             return line.size() < kReadBytes ? Status{} : print(line);
                           }));
    PITH_TRY(print(line));
    Json json = encoder.figures();
    json.set("documents", documents);
    return json;
  }

  std::string file_ = "-", tokenizer_, text_field_ = "text";
  bool special_as_text_ = false, documents_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_encode_verb() { return std::make_unique<EncodeVerb>(); }

}  // namespace pith
