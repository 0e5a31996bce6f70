#include "pith/nn/memory_plan.h"

#include <gtest/gtest.h>

#include "pith/base/random.h"

namespace pith {
namespace {

TEST(MemoryPlanTest, BuffersThatLiveAtOneTimeDoNotOverlap) {
  Random random(1);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Lifetime> lives(1 + random.below(20));
    for (Lifetime& life : lives) {
      life.floats = random.below(100);
      life.first = static_cast<int>(random.below(10));
      life.last = life.first + static_cast<int>(random.below(5));
    }
    const MemoryPlan plan = plan_memory(lives);
    for (std::size_t i = 0; i < lives.size(); ++i) {
      EXPECT_EQ(plan.offsets[i] % 16, 0);
      EXPECT_LE(plan.offsets[i] + lives[i].floats, plan.floats);
      for (std::size_t k = 0; k < i; ++k) {
        const bool meet = lives[i].first <= lives[k].last && lives[k].first <= lives[i].last;
        const bool apart = plan.offsets[i] + lives[i].floats <= plan.offsets[k] ||
                           plan.offsets[k] + lives[k].floats <= plan.offsets[i];
        EXPECT_TRUE(!meet || apart || lives[i].floats == 0 || lives[k].floats == 0);
      }
    }
  }
}

TEST(MemoryPlanTest, OneAfterTheOtherShareTheirMemory) {
  const MemoryPlan plan = plan_memory({{64, 0, 1}, {64, 2, 3}, {64, 4, 5}});
  EXPECT_EQ(plan.floats, 64);
}

}  // namespace
}  // namespace pith
