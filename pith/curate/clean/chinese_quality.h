#pragma once

#include "pith/curate/clean/filter.h"

namespace pith {

// What Gopher's quality rules ask, for Chinese and Japanese, where words are not written apart.
// Sources: FineWeb-2 (configs/cmn_Hani.yml) and MAP-CC (Du et al. 2024, arXiv 2404.04167). Left out
// of MAP-CC on purpose: its cap of 10,000 characters, which deletes books, and its folding of full
// width punctuation. A word is taken as 1.65 Han characters, the mean in running text.
struct ChineseQualityOptions {
  double min_characters = 50;       // visible; MAP-CC
  double max_characters = 1000000;  // visible
  double min_letter_words =
      0.735;  // FineWeb-2: share of words with letters, as in GopherQualityOptions
  double max_hash_ratio = 0.1;      // '#' per word; MAP-CC
  double max_ellipsis_ratio = 0.1;  // ellipses per word; MAP-CC
  double max_digits = 0.3;          // share of visible characters; MAP-CC
  double max_bullet_lines = 0.9;    // MAP-CC
  double max_ellipsis_lines = 0.3;  // lines that end with ..., 展开 or 更多; MAP-CC
  double min_distinct = 0.1;        // distinct per ideograph, of the first 1,000; MAP-CC
  double min_entropy = 3;           // bits per ideograph; MAP-CC
  double min_stop_words = 2;        // distinct of FineWeb-2's one-sign stop words; Chinese only
};
std::unique_ptr<Filter> make_chinese_quality(const ChineseQualityOptions& options = {});

}  // namespace pith
