#include "pith/curate/clean/gopher_quality.h"

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/line_shapes.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

class GopherQuality : public Filter {
 public:
  explicit GopherQuality(const GopherQualityOptions& options) : options_(options) {}
  std::string_view name() const override { return "gopher_quality"; }
  std::string_view about() const override {
    return "Gopher, appendix A1.1, for languages with spaces between words";
  }
  void settings(SettingVisitor& v) override {
    v.number("min_words", options_.min_words, 0, 1e9, "words of a document at least");
    v.number("max_words", options_.max_words, 0, 1e9, "and at most");
    v.number("min_mean_word_length", options_.min_mean_word_length, 0, 1000, "characters; English");
    v.number("min_mean_word_length_other", options_.min_mean_word_length_other, 0, 1000,
             "characters; other languages");
    v.number("max_mean_word_length", options_.max_mean_word_length, 0, 1000, "characters");
    v.number("max_hash_ratio", options_.max_hash_ratio, 0, 1000, "'#' per word");
    v.number("max_ellipsis_ratio", options_.max_ellipsis_ratio, 0, 1000, "ellipses per word");
    v.share("max_bullet_lines", options_.max_bullet_lines, "lines that start with a bullet");
    v.share("max_ellipsis_lines", options_.max_ellipsis_lines, "lines that end with an ellipsis");
    v.share("min_letter_words", options_.min_letter_words, "words with at least one letter");
    v.number("min_stop_words", options_.min_stop_words, 0, 8,
             "different ones of the, be, to, of, and, that, have, with; English");
  }

  void check(const TextFeatures& f, FilterChecks& checks) const override {
    if (f.kind() != WordKind::kSpaced) return;
    const bool english = f.language() == "en";
    const std::size_t words = f.words().size();
    const std::size_t tokens = words + f.symbol_tokens;
    const double mean_length = ratio(f.word_characters, words);
    const double min_length =
        english ? options_.min_mean_word_length : options_.min_mean_word_length_other;
    const LineShapes shapes = line_shapes(f.lines());
    checks.below(static_cast<double>(words), options_.min_words, "gopher_quality.min_words") ||
        checks.above(static_cast<double>(words), options_.max_words, "gopher_quality.max_words") ||
        checks.below(mean_length, min_length, "gopher_quality.mean_word_length") ||
        checks.above(mean_length, options_.max_mean_word_length,
                     "gopher_quality.mean_word_length") ||
        checks.above(ratio(f.hashes, tokens), options_.max_hash_ratio,
                     "gopher_quality.hash_ratio") ||
        checks.above(ratio(f.ellipses, tokens), options_.max_ellipsis_ratio,
                     "gopher_quality.ellipsis_ratio") ||
        checks.above(ratio(shapes.bullets, shapes.lines), options_.max_bullet_lines,
                     "gopher_quality.bullet_lines") ||
        checks.above(ratio(shapes.ellipsis_ends, shapes.lines), options_.max_ellipsis_lines,
                     "gopher_quality.ellipsis_lines") ||
        checks.below(ratio(f.letter_words, tokens), options_.min_letter_words,
                     "gopher_quality.letter_words") ||
        (english && checks.below(static_cast<double>(f.stop_words), options_.min_stop_words,
                                 "gopher_quality.stop_words"));
  }

 private:
  GopherQualityOptions options_;
};

}  // namespace

std::unique_ptr<Filter> make_gopher_quality(const GopherQualityOptions& options) {
  return std::make_unique<GopherQuality>(options);
}

}  // namespace pith
