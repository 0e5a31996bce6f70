#pragma once

#include "pith/curate/clean/filter.h"

namespace pith {

// Gopher's quality rules (Rae et al. 2021, arXiv 2112.11446, appendix A1.1), thresholds as there
// and in datatrove. For languages with spaces between words; Chinese and Japanese have
// chinese_quality. Words are those of TextFeatures plus pieces of pure symbols, so "|" and "--"
// count against the share of words with letters. Lines inside code fences do not count as lines.
struct GopherQualityOptions {
  double min_words = 50;
  double max_words = 100000;
  double min_mean_word_length = 3;        // characters; English
  double min_mean_word_length_other = 2;  // Korean, Vietnamese: FineWeb-2's lower bounds
  double max_mean_word_length = 10;
  double max_hash_ratio = 0.1;      // '#' per word
  double max_ellipsis_ratio = 0.1;  // "..." or U+2026 per word
  double max_bullet_lines = 0.9;    // share of lines that start with a bullet
  double max_ellipsis_lines = 0.3;  // share of lines that end with an ellipsis
  double min_letter_words = 0.8;    // share of words with at least one letter
  double min_stop_words = 2;        // distinct of the, be, to, of, and, that, have, with; English
};
std::unique_ptr<Filter> make_gopher_quality(const GopherQualityOptions& options = {});

}  // namespace pith
