#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pith {

// How often keys were added, without keeping the keys: a count-min sketch of two rows in one table.
// A key is counted in the two slots that its halves name, and the lower count holds, which is too
// high only where others share both. Counts stop at 255. One thread at a time.
class HashedCounts {
 public:
  // Forgets all, and makes room for so many different keys: four bytes each.
  void reset(std::size_t keys) {
    const std::size_t size = std::bit_ceil(keys * 4 + 64);
    if (counts_.size() != size) counts_.resize(size);
    std::ranges::fill(counts_, std::uint8_t{0});
    mask_ = size - 1;
  }
  // `key` is well mixed (base/hash.h).
  void add(std::uint64_t key) {
    for (const std::uint64_t at : {key & mask_, (key >> 32) & mask_}) {
      if (counts_[at] < 255) ++counts_[at];
    }
  }
  int of(std::uint64_t key) const {
    return std::min(counts_[key & mask_], counts_[(key >> 32) & mask_]);
  }

 private:
  std::vector<std::uint8_t> counts_;
  std::size_t mask_ = 0;
};

}  // namespace pith
