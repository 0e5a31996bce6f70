#include "pith/curate/clean/fineweb.h"

#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/line_shapes.h"
#include "pith/curate/clean/settings.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

constexpr double kHanPerWord = 1.65;  // mean length of a Chinese word in running text

class FineWeb : public Filter {
 public:
  explicit FineWeb(const FineWebOptions& options) : options_(options) {}
  std::string_view name() const override { return "fineweb"; }
  std::string_view about() const override {
    return "FineWeb's own rules, section 3.6; FineWeb-2's bounds for Chinese";
  }
  void settings(SettingVisitor& v) override {
    v.share("min_terminal_lines", options_.min_terminal_lines,
            "lines that end with terminal punctuation");
    v.share("max_short_lines", options_.max_short_lines, "lines of at most 30 characters");
    v.share("max_duplicate_line_characters", options_.max_duplicate_line_characters,
            "characters in lines seen before");
    v.number("max_newlines_per_word", options_.max_newlines_per_word, 0, 1000, "");
    v.share("min_terminal_lines_chinese", options_.min_terminal_lines_chinese, "");
    v.number("max_newlines_per_word_chinese", options_.max_newlines_per_word_chinese, 0, 1000,
             "a word is 1.65 signs");
  }

  void check(const TextFeatures& f, FilterChecks& checks) const override {
    if (f.kind() == WordKind::kUnspaced) return;  // Thai ends sentences with a space
    const bool ideographic = f.kind() == WordKind::kIdeographic;
    const LineShapes shapes = line_shapes(f.lines());
    const double per_word = ideographic ? kHanPerWord : 1.0;
    const double words = static_cast<double>(f.prose_words) / per_word;
    const double newlines_per_word = words > 0 ? static_cast<double>(f.newlines) / words : 0.0;
    if (shapes.lines == 0) return;  // nothing but code
    checks.below(ratio(shapes.terminal_ends, shapes.lines),
                 ideographic ? options_.min_terminal_lines_chinese : options_.min_terminal_lines,
                 "fineweb.terminal_lines") ||
        (!ideographic && checks.above(ratio(shapes.short_lines, shapes.lines),
                                      options_.max_short_lines, "fineweb.short_lines")) ||
        checks.above(f.repetition().duplicate_line_characters,
                     options_.max_duplicate_line_characters, "fineweb.duplicate_line_characters") ||
        checks.above(
            newlines_per_word,
            ideographic ? options_.max_newlines_per_word_chinese : options_.max_newlines_per_word,
            "fineweb.newlines_per_word");
  }

 private:
  FineWebOptions options_;
};

}  // namespace

std::unique_ptr<Filter> make_fineweb(const FineWebOptions& options) {
  return std::make_unique<FineWeb>(options);
}

}  // namespace pith
