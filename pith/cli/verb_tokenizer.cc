#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/formats/document_texts.h"
#include "pith/text/bpe_learn.h"

namespace pith {
namespace {

constexpr std::int64_t kMaxVocab = 1'000'000;

class TokenizerVerb : public Verb {
 public:
  std::string name() const override { return "tokenizer"; }
  std::string purpose() const override {
    return "Learn a tokenizer (byte-level BPE) from documents";
  }
  std::string example() const override {
    return "pith tokenizer docs/ -o tokenizer.json --vocab 16384\n"
           "pith tokenizer pages.jsonl.zst -o tokenizer.json --text-field content";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(documents_.path, "DOCS",
                         "Documents: what pith curate wrote, JSONL (plain, .gz, .zst) or Parquet");
    arguments.required();
    arguments.option(out_, "-o,--output", "FILE", "The tokenizer.json to write");
    arguments.required();
    arguments.option(vocab_, "--vocab", "N", "Tokens in all, special ones and bytes included");
    arguments.option(documents_.text_field, "--text-field", "FIELD",
                     "Field of JSONL or column of Parquet that holds the text");
  }

  Uses uses() const override { return {.seed = false}; }

  Result<Json> run(const VerbContext& verb) override {
    const auto begin = std::chrono::steady_clock::now();
    if (vocab_ < 0 || vocab_ > kMaxVocab) {
      return input_error("[tokenizer] --vocab must be at most " + std::to_string(kMaxVocab) +
                         ", not " + std::to_string(vocab_));
    }
    if (is_folder(out_)) return input_error("[tokenizer] " + out_ + ": is a folder; name a file");
    // Before the work, so that a path that cannot be written costs none.
    PITH_ASSIGN(AtomicFile file, AtomicFile::create(out_));
    const TextFeed feed = [&](const std::function<void(std::string_view)>& add) {
      return for_each_text(documents_, "tokenizer: counting", verb.context,
                           [&](std::string_view text) -> Status {
                             add(text);
                             return {};
                           });
    };
    BpeLearnReport report;
    PITH_ASSIGN(const Tokenizer tokenizer,
                learn_bpe(feed, {.vocab_size = static_cast<int>(vocab_)}, verb.context, &report));
    PITH_TRY(file.write(tokenizer.to_json()));
    PITH_TRY(file.commit());
    if (tokenizer.vocab_size() < vocab_) {
      verb.context.warn("the text has pairs for " + std::to_string(tokenizer.vocab_size()) +
                        " tokens only, " + std::to_string(vocab_) + " were asked for");
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const double bytes_per_token =
        static_cast<double>(report.learned_bytes) / static_cast<double>(report.learned_tokens);
    if (!verb.json) {
      std::printf("%s tokens from %s of text in %s documents, %.2f bytes a token, %s\n",
                  format_count(static_cast<std::uint64_t>(tokenizer.vocab_size())).c_str(),
                  format_size(report.bytes).c_str(), format_count(report.documents).c_str(),
                  bytes_per_token, format_duration(seconds).c_str());
      std::printf("Tokenizer: %s\nNext:      pith encode FILE --tokenizer %s\n", out_.c_str(),
                  out_.c_str());
    }
    Json json = Json::object();
    json.set("vocab", tokenizer.vocab_size());
    json.set("bytes_per_token", bytes_per_token);
    json.set("seconds", seconds);
    json.set("documents", report.documents);
    json.set("bytes", report.bytes);
    json.set("pretokens", report.pretokens);
    json.set("distinct_pretokens", report.distinct_pretokens);
    json.set("forgotten_pretokens", report.forgotten_pretokens);
    json.set("count_seconds", report.count_seconds);
    json.set("merge_seconds", report.merge_seconds);
    return json;
  }

 private:
  DocumentTexts documents_;
  std::string out_;
  std::int64_t vocab_ = BpeLearnOptions{}.vocab_size;
};

}  // namespace

std::unique_ptr<Verb> make_tokenizer_verb() { return std::make_unique<TokenizerVerb>(); }

}  // namespace pith
