#include "pith/ngram/radix_sort.h"

#include <array>
#include <cstddef>

namespace pith {

void radix_sort(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& spare,
                std::uint64_t largest) {
  constexpr int kBits = 11;
  constexpr std::uint64_t kMask = (1 << kBits) - 1;
  spare.resize(keys.size());
  for (int shift = 0; shift < 64 && largest >> shift != 0; shift += kBits) {
    std::array<std::size_t, kMask + 2> begin{};
    for (const std::uint64_t key : keys) ++begin[(key >> shift & kMask) + 1];
    for (std::size_t digit = 0; digit <= kMask; ++digit) begin[digit + 1] += begin[digit];
    for (const std::uint64_t key : keys) spare[begin[key >> shift & kMask]++] = key;
    keys.swap(spare);
  }
}

}  // namespace pith
