#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Long documents without the parts that only say again what the rest says.
namespace pith {

struct CondenseOptions {
  bool enabled = false;
  std::size_t min_bytes = 4000;  // shorter documents stay whole
  double coverage = 0.95;        // of the document's terms, weighed by how many parts have them
};

// `text` (valid UTF-8), or, in `buffer`, the parts of it that cover so much of what it speaks of
// (term_cover.h), in their order. A part is a paragraph together with the headings, list items and
// code before it, so that what belongs together stays or goes together. The first part stays.
// Pure but for `buffer`; time as of term_cover.h.
std::string_view condense(std::string_view text, const CondenseOptions& options,
                          std::string& buffer);

}  // namespace pith
