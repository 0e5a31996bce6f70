#include "pith/ngram/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pith/base/random.h"

namespace pith {
namespace {

TEST(RadixSortTest, SortsAsStdSortDoes) {
  for (const std::uint64_t largest : {std::uint64_t{1}, std::uint64_t{2047}, std::uint64_t{2048},
                                      std::uint64_t{1} << 45, ~std::uint64_t{0} >> 1}) {
    for (const std::size_t size : {0, 1, 2, 1000}) {
      Random random(size);
      std::vector<std::uint64_t> keys(size), spare;
      for (std::uint64_t& key : keys) key = random.below(largest) + random.below(2);
      std::vector<std::uint64_t> expected = keys;
      std::sort(expected.begin(), expected.end());
      radix_sort(keys, spare, largest);
      EXPECT_EQ(keys, expected) << largest << " " << size;
    }
  }
}

}  // namespace
}  // namespace pith
