#include "pith/curate/spam/hashed_counts.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "pith/base/hash.h"

namespace pith {
namespace {

TEST(HashedCountsTest, NoCountIsTooLowAndFewAreTooHigh) {
  HashedCounts counts;
  constexpr std::uint64_t kKeys = 5000;
  counts.reset(kKeys);
  for (std::uint64_t key = 1; key <= kKeys; ++key) {
    for (std::uint64_t n = 0; n < key % 3; ++n) counts.add(mix64(key));
  }
  int too_high = 0;
  for (std::uint64_t key = 1; key <= kKeys; ++key) {
    const int count = counts.of(mix64(key));
    EXPECT_GE(count, static_cast<int>(key % 3));
    too_high += count > static_cast<int>(key % 3);
  }
  // Of 2 * 5000 marks in 32768 slots a quarter is taken; both slots of a key are for one in 15.
  EXPECT_LT(too_high, kKeys / 10);
}

TEST(HashedCountsTest, CountsStopAtTheirMostAndResetForgets) {
  HashedCounts counts;
  counts.reset(1);
  for (int i = 0; i < 300; ++i) counts.add(mix64(7));
  EXPECT_EQ(counts.of(mix64(7)), 255);
  counts.reset(1);
  EXPECT_EQ(counts.of(mix64(7)), 0);
}

}  // namespace
}  // namespace pith
