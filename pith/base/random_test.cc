#include "pith/base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace pith {
namespace {

// splitmix64 from seed 0: the first value of the reference implementation.
TEST(RandomTest, FollowsThePublishedSequence) { EXPECT_EQ(Random(0).next(), 0xe220a8397b1dcdafu); }

TEST(RandomTest, StateRestoresTheSequence) {
  Random random(7);
  random.next();
  Random copy(0);
  copy.set_state(random.state());
  EXPECT_EQ(copy.next(), random.next());
}

TEST(RandomTest, PurposesAndIndicesAreIndependentStreams) {
  EXPECT_NE(Random(1, "shuffle", 0).next(), Random(1, "shuffle", 1).next());
  EXPECT_NE(Random(1, "shuffle").next(), Random(1, "init").next());
  EXPECT_EQ(Random(1, "shuffle", 3).next(), Random(1, "shuffle", 3).next());
}

TEST(RandomTest, BelowIsEvenAndInRange) {
  Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 500);  // 5 sigma is about 463
}

TEST(RandomTest, NormalHasMeanZeroAndUnitVariance) {
  Random random(2);
  double sum = 0, squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.016);      // 5 / sqrt(n)
  EXPECT_NEAR(squares / kDraws, 1, 0.023);  // 5 sqrt(2 / n)
}

}  // namespace
}  // namespace pith
