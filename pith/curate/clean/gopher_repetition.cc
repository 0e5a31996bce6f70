#include "pith/curate/clean/gopher_repetition.h"

#include <string>

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

constexpr std::array<std::string_view, 3> kTopReasons = {
    "gopher_repetition.top_2_gram", "gopher_repetition.top_3_gram", "gopher_repetition.top_4_gram"};
constexpr std::array<std::string_view, 6> kDuplicateReasons = {
    "gopher_repetition.duplicate_5_gram", "gopher_repetition.duplicate_6_gram",
    "gopher_repetition.duplicate_7_gram", "gopher_repetition.duplicate_8_gram",
    "gopher_repetition.duplicate_9_gram", "gopher_repetition.duplicate_10_gram"};

void thresholds(const std::string& prefix, RepetitionThresholds& bounds, SettingVisitor& v) {
  v.share(prefix + "duplicate_lines", bounds.duplicate_lines, "lines seen before");
  v.share(prefix + "duplicate_paragraphs", bounds.duplicate_paragraphs, "paragraphs seen before");
  v.share(prefix + "duplicate_line_characters", bounds.duplicate_line_characters,
          "characters in such lines");
  v.share(prefix + "duplicate_paragraph_characters", bounds.duplicate_paragraph_characters,
          "characters in such paragraphs");
  v.numbers(prefix + "top_gram", bounds.top_gram, 0, 1,
            "characters in the most frequent 2-, 3- and 4-gram");
  v.numbers(prefix + "duplicate_gram", bounds.duplicate_gram, 0, 1,
            "characters in repeated 5- to 10-grams");
}

class GopherRepetition : public Filter {
 public:
  explicit GopherRepetition(const GopherRepetitionOptions& options) : options_(options) {}
  std::string_view name() const override { return "gopher_repetition"; }
  std::string_view about() const override {
    return "Gopher, table A1; FineWeb-2's bounds for Chinese and Japanese";
  }
  void settings(SettingVisitor& v) override {
    thresholds("", options_.spaced, v);
    thresholds("chinese_", options_.ideographic, v);
  }

  void check(const TextFeatures& features, FilterChecks& checks) const override {
    const RepetitionMeasures& m = features.repetition();
    const RepetitionThresholds& bound =
        features.kind() == WordKind::kIdeographic ? options_.ideographic : options_.spaced;
    if (checks.above(m.duplicate_paragraphs, bound.duplicate_paragraphs,
                     "gopher_repetition.duplicate_paragraphs") ||
        checks.above(m.duplicate_paragraph_characters, bound.duplicate_paragraph_characters,
                     "gopher_repetition.duplicate_paragraph_characters") ||
        checks.above(m.duplicate_lines, bound.duplicate_lines,
                     "gopher_repetition.duplicate_lines") ||
        checks.above(m.duplicate_line_characters, bound.duplicate_line_characters,
                     "gopher_repetition.duplicate_line_characters")) {
      return;
    }
    for (std::size_t i = 0; i < kTopReasons.size(); ++i) {
      if (checks.above(m.top_gram[i], bound.top_gram[i], kTopReasons[i])) return;
    }
    for (std::size_t i = 0; i < kDuplicateReasons.size(); ++i) {
      if (checks.above(m.duplicate_gram[i], bound.duplicate_gram[i], kDuplicateReasons[i])) {
        return;
      }
    }
  }

 private:
  GopherRepetitionOptions options_;
};

}  // namespace

std::unique_ptr<Filter> make_gopher_repetition(const GopherRepetitionOptions& options) {
  return std::make_unique<GopherRepetition>(options);
}

}  // namespace pith
