#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/clean/c4_lines.h"
#include "pith/curate/clean/filter.h"
#include "pith/curate/clean/filter_checks.h"

// The whole of cleaning for one document: line rules first, then every filter.
namespace pith {

struct CleanedDocument {
  FilterVerdict verdict;
  // What is left after the line rules, whether kept or not. Views the text given, or a buffer of
  // the cleaner that lives until its next call.
  std::string_view text;
  std::size_t dropped_lines = 0;
  // What the filters' rules measured, up to the first that was broken. Lives as long.
  std::span<const Measure> measures;
};

// Cleans documents one after another with buffers that are used again: one cleaner per worker.
// The filters may be shared by all cleaners and must outlive them.
class DocumentCleaner {
 public:
  explicit DocumentCleaner(const FilterList& filters, const C4LineOptions& lines = {});
  ~DocumentCleaner();
  DocumentCleaner(DocumentCleaner&&) noexcept;
  DocumentCleaner& operator=(DocumentCleaner&&) noexcept;

  // `text` is valid UTF-8; `language` is a code of classify/language.h ("en", "zh-Hans", "und").
  // Time linear in the text. To explain, every rule is asked.
  CleanedDocument clean(std::string_view text, std::string_view language, bool explain = false);

 private:
  struct Scratch;
  const FilterList* filters_;
  C4LineOptions lines_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pith
