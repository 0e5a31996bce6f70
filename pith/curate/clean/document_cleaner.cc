#include "pith/curate/clean/document_cleaner.h"

#include "pith/curate/clean/text_features.h"

namespace pith {

struct DocumentCleaner::Scratch {
  TextFeatures features;
  std::string text;
  std::vector<Measure> measures;
};

DocumentCleaner::DocumentCleaner(const FilterList& filters, const C4LineOptions& lines)
    : filters_(&filters), lines_(lines), scratch_(std::make_unique<Scratch>()) {}
DocumentCleaner::~DocumentCleaner() = default;
DocumentCleaner::DocumentCleaner(DocumentCleaner&&) noexcept = default;
DocumentCleaner& DocumentCleaner::operator=(DocumentCleaner&&) noexcept = default;

CleanedDocument DocumentCleaner::clean(std::string_view text, std::string_view language,
                                       bool explain) {
  const C4LineResult lines = clean_c4_lines(text, lines_, scratch_->text);
  CleanedDocument cleaned{lines.verdict, lines.text, lines.dropped_lines, {}};
  if (!cleaned.verdict.keep && !explain) return cleaned;
  scratch_->features.analyze(cleaned.text, language);
  scratch_->measures.clear();
  FilterChecks checks(&scratch_->measures, explain);
  apply_filters(*filters_, scratch_->features, checks);
  cleaned.measures = scratch_->measures;
  if (cleaned.verdict.keep) cleaned.verdict = checks.verdict();
  return cleaned;
}

}  // namespace pith
