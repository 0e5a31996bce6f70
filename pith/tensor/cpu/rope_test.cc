#include "pith/tensor/cpu/rope.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(RopeTest, FollowsTheReferenceAtEveryHeadSize) {
  for (const std::size_t D : {2, 6, 16, 30, 32, 34, 64, 128}) {
    const std::size_t rows = 7, heads = 3, stride = heads * D + 5;
    const RopeAngles angles(100, D, 10000);
    const std::vector<int> positions{0, 1, 2, 99, 0, 50, 7};
    for (const auto direction : {RopeDirection::kForward, RopeDirection::kBackward}) {
      auto x = random_floats(rows * stride, 1), expected = x;
      rope(angles, positions.data(), rows, heads, D, direction, x.data(), stride);
      rope_ref(angles, positions.data(), rows, heads, D, direction, expected.data(), stride);
      expect_near(x, expected, 8 * kEpsilon * 4, "x");  // two products and a sum of normals
    }
  }
}

TEST(RopeTest, PairsFollowTheReferenceAtEveryHeadSize) {
  for (const std::size_t D : {2, 6, 16, 30, 32, 34, 64, 128}) {
    const std::size_t heads = 3, stride = D + 7;
    const RopeAngles angles(100, D, 10000);
    for (const auto direction : {RopeDirection::kForward, RopeDirection::kBackward}) {
      auto x = random_floats(heads * stride, 1), expected = x;
      rope_pairs(angles, 77, heads, stride, D, direction, x.data());
      rope_pairs_ref(angles, 77, heads, stride, D, direction, expected.data());
      expect_near(x, expected, 8 * kEpsilon * 4, "x");
    }
  }
}

// Pairs of neighbours turn as halves do, when they are put in the other order.
TEST(RopeTest, PairsAreHalvesInAnotherOrder) {
  constexpr std::size_t D = 10;
  const RopeAngles angles(40, D, 500);
  const int position = 31;
  auto pairs = random_floats(D, 1);
  std::vector<float> halves(D);
  for (std::size_t i = 0; i < D; ++i) halves[i % 2 * D / 2 + i / 2] = pairs[i];
  rope_pairs(angles, 31, 1, D, D, RopeDirection::kForward, pairs.data());
  rope(angles, &position, 1, 1, D, RopeDirection::kForward, halves.data(), D);
  for (std::size_t i = 0; i < D; ++i) {
    EXPECT_NEAR(pairs[i], halves[i % 2 * D / 2 + i / 2], 1e-6);
  }
}

TEST(RopeTest, ScoresDependOnDistanceAlone) {
  const std::size_t D = 32;
  const RopeAngles angles(64, D, 10000);
  const auto query = random_floats(D, 1), key = random_floats(D, 2);
  const auto score = [&](int at_query, int at_key) {
    auto q = query, k = key;
    rope(angles, &at_query, 1, 1, D, RopeDirection::kForward, q.data(), D);
    rope(angles, &at_key, 1, 1, D, RopeDirection::kForward, k.data(), D);
    return weighted(q, k);
  };
  EXPECT_NEAR(score(5, 2), score(60, 57), 1e-4);
  EXPECT_GT(std::abs(score(5, 2) - score(6, 2)), 1e-2);
}

TEST(RopeTest, BackwardUndoesForward) {
  const RopeAngles angles(40, 16, 500);
  const int position = 33;
  auto x = random_floats(32, 1);
  const auto before = x;
  rope(angles, &position, 1, 2, 16, RopeDirection::kForward, x.data(), 32);
  rope(angles, &position, 1, 2, 16, RopeDirection::kBackward, x.data(), 32);
  expect_near(x, before, 1e-5, "x");
}

}  // namespace
}  // namespace pith
