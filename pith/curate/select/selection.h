#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace pith {

// What to choose from; every span is (n), but `shares`.
struct SelectionInput {
  std::span<const float> scores;        // log-odds of being wanted; all equal: `keys` alone decide
  std::span<const std::uint64_t> keys;  // settle ties: a hash of the document, so that ties
                                        // fall like a random sample, the same every time
  std::span<const std::uint64_t> text_bytes;
  std::span<const std::uint8_t> excluded;  // != 0: dropped before, not to be chosen
  // Which stratum (a language, a topic) each is of, and how much of what is kept each stratum is to
  // have, by bytes; both empty: the best are taken wherever they are from.
  std::span<const std::uint32_t> strata = {};
  std::span<const double> shares = {};  // (strata): above 0; they need not add up to 1
};

struct SelectionRule {
  double min_score = -std::numeric_limits<double>::infinity();  // drop what is below ...
  std::uint64_t floor_bytes = 0;                                // ... once so many bytes are kept
  std::uint64_t keep_bytes = 0;                                 // keep at most so many; 0: no bound
  // Scale of the Gumbel noise that is added to every score before documents are put in order: 0
  // takes the best, 1 samples without replacement by the odds, more is nearer to a random sample.
  double noise = 0;
};

struct Selection {
  std::vector<std::uint8_t> kept;  // (n), 0 for the excluded
  std::uint64_t bytes = 0;         // of the kept
  double threshold = 0;            // score of the worst one kept, noise not counted
  std::vector<double> thresholds;  // the same of each stratum; one without strata
};

// Takes documents, those of min_score or more before all others and among these the best first,
// until the next would not fit or is not good enough. A document that is larger than keep_bytes
// alone is passed over.
//
// With strata each is walked best first and they take turns, so that at every moment their bytes
// are as `shares` say; when one has no more, the others get what it would have had.
//
// O(n log n).
Selection select_documents(const SelectionInput& input, const SelectionRule& rule);

}  // namespace pith
