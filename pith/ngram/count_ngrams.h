#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/ngram/ngram_model.h"

namespace pith {

// Counts the n-grams of documents and makes tables of them (Chen and Goodman 1999, section 3.4):
// n-grams of the longest length are counted as they occur, shorter ones by how many different
// tokens they follow (those that open a document: as they occur); of a count 1, 2, and 3 or more a
// discount goes to the shorter context, and the discounts follow from how many n-grams of the
// length occur once, twice, three and four times. Contexts of two tokens or more that were seen
// once are left out: most of the tables, and under 1 % of what they tell.
//
// n-grams do not reach over the ends of documents. The same documents in any order give the same
// tables. Memory: 16 bytes a token until finish() ends. One thread at a time.
class NgramCounter {
 public:
  // Of ids below `vocab`; order is from 1 to largest_ngram_order(vocab).
  NgramCounter(std::int64_t vocab, int order);

  void add(std::span<const int> document);

  NgramTables finish();  // of what was added; then nothing is left

 private:
  const std::int64_t vocab_;
  const int order_;
  std::vector<std::uint64_t> longest_;               // n-grams of length order, as digits to base V
  std::vector<std::vector<std::uint64_t>> opening_;  // (order): of length n, those at a beginning
};

}  // namespace pith
