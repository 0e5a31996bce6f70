#pragma once

#include <array>

#include "pith/curate/clean/filter.h"

namespace pith {

// Gopher's repetition rules (Rae et al. 2021, table A1), measured as datatrove does; thresholds per
// n-gram size. For Chinese FineWeb-2's thresholds (configs/cmn_Hani.yml), on character n-grams as
// long as their word n-grams (repetition.h).
struct RepetitionThresholds {
  double duplicate_lines = 0.30;
  double duplicate_paragraphs = 0.30;
  double duplicate_line_characters = 0.20;
  double duplicate_paragraph_characters = 0.20;
  std::array<double, 3> top_gram{0.20, 0.18, 0.16};                          // 2, 3, 4
  std::array<double, 6> duplicate_gram{0.15, 0.14, 0.13, 0.12, 0.11, 0.10};  // 5 to 10
};
struct GopherRepetitionOptions {
  RepetitionThresholds spaced;
  RepetitionThresholds ideographic{
      0.287, 0.30, 0.20, 0.20, {0.256, 0.201, 0.171}, {0.198, 0.182, 0.167, 0.154, 0.140, 0.127}};
};
std::unique_ptr<Filter> make_gopher_repetition(const GopherRepetitionOptions& options = {});

}  // namespace pith
