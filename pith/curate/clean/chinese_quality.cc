#include "pith/curate/clean/chinese_quality.h"

#include <algorithm>

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/line_shapes.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

constexpr double kHanPerWord = 1.65;

class ChineseQuality : public Filter {
 public:
  explicit ChineseQuality(const ChineseQualityOptions& options) : options_(options) {}
  std::string_view name() const override { return "chinese_quality"; }
  std::string_view about() const override {
    return "FineWeb-2 (cmn_Hani) and MAP-CC, for Chinese and Japanese";
  }
  void settings(SettingVisitor& v) override {
    v.number("min_characters", options_.min_characters, 0, 1e9, "visible characters at least");
    v.number("max_characters", options_.max_characters, 0, 1e9, "and at most");
    v.share("min_letter_words", options_.min_letter_words, "words with at least one letter");
    v.number("max_hash_ratio", options_.max_hash_ratio, 0, 1000, "'#' per word");
    v.number("max_ellipsis_ratio", options_.max_ellipsis_ratio, 0, 1000, "ellipses per word");
    v.share("max_digits", options_.max_digits, "of the visible characters");
    v.share("max_bullet_lines", options_.max_bullet_lines, "lines that start with a bullet");
    v.share("max_ellipsis_lines", options_.max_ellipsis_lines,
            "lines that end with an ellipsis, 展开 or 更多");
    v.share("min_distinct", options_.min_distinct, "different signs, of the first 1,000");
    v.number("min_entropy", options_.min_entropy, 0, 16, "bits a sign");
    v.number("min_stop_words", options_.min_stop_words, 0, 22,
             "different ones of FineWeb-2's stop words; Chinese");
  }

  void check(const TextFeatures& f, FilterChecks& checks) const override {
    if (f.kind() != WordKind::kIdeographic) return;
    const auto visible = static_cast<double>(f.visible);
    const auto ideographs = static_cast<double>(f.ideographs);
    const double other_words = static_cast<double>(f.words().size()) - ideographs;
    const double words = std::max(1.0, ideographs / kHanPerWord + other_words);
    const double letter_words =
        ideographs / kHanPerWord + static_cast<double>(f.letter_words) - ideographs;
    // A long text uses few of its signs for the first time: a ratio over the whole would drop every
    // book (MAP-CC's does), so a text counts as at most 1,000 signs long.
    const double distinct =
        static_cast<double>(f.distinct_ideographs) / std::clamp(ideographs, 1.0, 1000.0);
    const LineShapes shapes = line_shapes(f.lines());
    checks.below(visible, options_.min_characters, "chinese_quality.min_characters") ||
        checks.above(visible, options_.max_characters, "chinese_quality.max_characters") ||
        checks.below(letter_words / (words + static_cast<double>(f.symbol_tokens)),
                     options_.min_letter_words, "chinese_quality.letter_words") ||
        checks.above(static_cast<double>(f.hashes) / words, options_.max_hash_ratio,
                     "chinese_quality.hash_ratio") ||
        checks.above(static_cast<double>(f.ellipses) / words, options_.max_ellipsis_ratio,
                     "chinese_quality.ellipsis_ratio") ||
        checks.above(ratio(f.digits, f.visible), options_.max_digits, "chinese_quality.digits") ||
        checks.above(ratio(shapes.bullets, shapes.lines), options_.max_bullet_lines,
                     "chinese_quality.bullet_lines") ||
        checks.above(ratio(shapes.ellipsis_ends, shapes.lines), options_.max_ellipsis_lines,
                     "chinese_quality.ellipsis_lines") ||
        checks.below(distinct, options_.min_distinct, "chinese_quality.distinct") ||
        checks.below(f.ideograph_entropy, options_.min_entropy, "chinese_quality.entropy") ||
        (is_chinese(f.language()) &&
         checks.below(static_cast<double>(f.stop_words), options_.min_stop_words,
                      "chinese_quality.stop_words"));
  }

 private:
  ChineseQualityOptions options_;
};

}  // namespace

std::unique_ptr<Filter> make_chinese_quality(const ChineseQualityOptions& options) {
  return std::make_unique<ChineseQuality>(options);
}

}  // namespace pith
