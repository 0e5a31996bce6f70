#pragma once

#include <memory>
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
  // Time linear in the text. With `all`, every rule is asked and what it measured is appended
  // there.
  CleanedDocument clean(std::string_view text, std::string_view language,
                        std::vector<Measure>* all = nullptr);

 private:
  struct Scratch;
  const FilterList* filters_;
  C4LineOptions lines_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pith
