#include "pith/infer/served_block.h"

#include <gtest/gtest.h>

#include <numeric>

namespace pith {
namespace {

TEST(ScratchNeedsTest, CoversTheLargestOfEach) {
  ScratchNeeds a, b;
  a.shared = {5, 0, 7};
  a.own = 3;
  b.shared = {2, 4, 9};
  b.own_fixed = 6;
  a.cover(b);
  EXPECT_EQ(a.shared, (std::array<std::size_t, ScratchNeeds::kShared>{5, 4, 9}));
  EXPECT_EQ(a.own, 3u);
  EXPECT_EQ(a.own_fixed, 6u);
}

// Three workers, 40 channels: shares end inside of the last panel.
TEST(AddProductTest, EveryColumnIsAddedOnce) {
  constexpr std::size_t kChannels = 40, kIn = 3, kTokens = 2;
  PackedMatrix w(kChannels, kIn);
  std::vector<float> weights(kChannels * kIn);
  std::iota(weights.begin(), weights.end(), 0.0f);
  w.set_rows(0, weights);
  const std::vector<float> in = {1, 2, 3, -1, 0, 1};
  std::vector<float> x(kTokens * kChannels, 100.0f), product(x.size());
  WorkerTeam team(3);
  KvCache cache(1, {1, 2, 2});
  const RopeTable rope(2, 10000);
  Pass pass{.team = team,
            .cache = cache,
            .rope = rope,
            .workers = {},
            .channels = kChannels,
            .start = 0,
            .tokens = kTokens,
            .x = x.data(),
            .product = product.data()};
  team.run([&](int worker) { add_product(pass, w, in.data(), kIn, worker); });
  for (std::size_t t = 0; t < kTokens; ++t) {
    for (std::size_t c = 0; c < kChannels; ++c) {
      float expected = 100;
      for (std::size_t k = 0; k < kIn; ++k) expected += in[t * kIn + k] * weights[c * kIn + k];
      EXPECT_EQ(x[t * kChannels + c], expected) << t << " " << c;
    }
  }
}

}  // namespace
}  // namespace pith
