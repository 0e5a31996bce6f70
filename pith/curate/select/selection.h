#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pith {

// What to choose from; every span is (n).
struct SelectionInput {
  std::span<const float> quality;       // 0..1; all equal: the order of `keys` alone decides
  std::span<const std::uint64_t> keys;  // settle ties: a hash of the document, so that ties
                                        // fall like a random sample, the same every time
  std::span<const std::uint64_t> text_bytes;
  std::span<const std::uint8_t> excluded;  // != 0: dropped before, not to be chosen
};

struct SelectionRule {
  double min_quality = 0;         // drop what is below ...
  std::uint64_t floor_bytes = 0;  // ... once so many bytes are kept
  std::uint64_t keep_bytes = 0;   // keep at most so many; 0: no bound
};

struct Selection {
  std::vector<std::uint8_t> kept;  // (n), 0 for the excluded
  std::uint64_t bytes = 0;         // of the kept
  double threshold = 0;            // quality of the last one kept
};

// Takes documents best first until the next would not fit or is not good enough. A document that is
// larger than keep_bytes alone is passed over.
Selection select_best(const SelectionInput& input, const SelectionRule& rule);

}  // namespace pith
