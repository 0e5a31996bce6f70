#pragma once

#include "pith/curate/clean/filter.h"

namespace pith {

// FineWeb's own rules (Penedo et al. 2024, arXiv 2406.17557, section 3.6). Lines inside code fences
// do not count. Chinese uses FineWeb-2's bounds (configs/cmn_Hani.yml), which drop the short-line
// rule.
struct FineWebOptions {
  double min_terminal_lines = 0.12;  // share of lines that end with terminal punctuation
  double max_short_lines = 0.67;     // share of lines of at most 30 characters
  // Share of characters in lines seen before. The paper says 0.1 and FineWeb-2 went back to it;
  // datatrove's default 0.01 would drop a page of code for three lines of "}".
  double max_duplicate_line_characters = 0.1;
  double max_newlines_per_word = 0.3;
  double min_terminal_lines_chinese = 0.106;
  double max_newlines_per_word_chinese = 0.178;  // a word is 1.65 Han characters
};
std::unique_ptr<Filter> make_fineweb(const FineWebOptions& options = {});

}  // namespace pith
