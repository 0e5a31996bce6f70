#include "pith/nn/ops/routing.h"

#include <gtest/gtest.h>

#include <set>

#include "pith/base/random.h"

namespace pith {
namespace {

constexpr std::size_t kE = 5, kK = 2, kB = 3, kT = 7;

class RoutingTest : public testing::Test {
 protected:
  RoutingTest() {
    routing_.reserve(kB * kT);
    step_.B = kB;
    step_.T = kT;
    Random random(1);
    for (std::size_t t = 0; t < kB * kT; ++t) {  // expert 3 is chosen by none
      const auto first = static_cast<int>(random.below(2)),
                 second = static_cast<int>(random.below(2));
      routing_.chosen(t)[0] = first;
      routing_.chosen(t)[1] = second == 0 ? 2 : 4;
    }
  }
  Routing routing_{{.experts = kE, .chosen = kK}};
  Step step_;
};

TEST_F(RoutingTest, EveryChoiceHasOneSlotAmongThoseOfItsExpert) {
  routing_.sort(step_);
  EXPECT_EQ(routing_.begin(0), 0u);
  EXPECT_EQ(routing_.begin(kE), kB * kT * kK);
  EXPECT_EQ(routing_.begin(3), routing_.begin(4));
  std::set<std::size_t> slots;
  for (std::size_t t = 0; t < kB * kT; ++t) {
    for (std::size_t j = 0; j < kK; ++j) {
      const std::size_t slot = routing_.slot(t, j);
      const auto expert = static_cast<std::size_t>(routing_.chosen(t)[j]);
      EXPECT_TRUE(slots.insert(slot).second);
      EXPECT_TRUE(slot >= routing_.begin(expert) && slot < routing_.begin(expert + 1));
      EXPECT_EQ(routing_.row(slot), t);
      EXPECT_EQ(routing_.place(slot), t * kK + j);
    }
  }
}

TEST_F(RoutingTest, LoadsAreOfTrainingPassesAndMoveTheBias) {
  routing_.sort(step_);  // an evaluation
  EXPECT_EQ(routing_.loads(), (std::vector<std::int64_t>(kE, 0)));
  step_.gradients = true;
  routing_.sort(step_);
  routing_.sort(step_);
  std::int64_t all = 0;
  for (std::size_t e = 0; e < kE; ++e) {
    std::int64_t tokens = 0;
    for (std::size_t b = 0; b < kB; ++b) tokens += routing_.often(b, e);
    EXPECT_EQ(routing_.loads()[e], 2 * tokens);
    all += routing_.loads()[e];
  }
  EXPECT_EQ(all, static_cast<std::int64_t>(2 * kB * kT * kK));
  std::vector<float> bias(kE, 0.5f);
  routing_.end_step(0.25f, bias.data());
  for (std::size_t e = 0; e < kE; ++e) {
    const bool above = routing_.loads()[e] * static_cast<std::int64_t>(kE) > all;
    EXPECT_EQ(bias[e], above ? 0.25f : 0.75f) << e;
  }
  EXPECT_EQ(routing_.idle_steps()[3], 1);
  EXPECT_EQ(routing_.idle_steps()[2], 0);
  routing_.begin_step();
  EXPECT_EQ(routing_.loads(), (std::vector<std::int64_t>(kE, 0)));
  routing_.end_step(0.25f, bias.data());  // nobody above, nobody below
  EXPECT_EQ(bias[3], 0.75f);
  EXPECT_EQ(routing_.idle_steps()[3], 2);
}

}  // namespace
}  // namespace pith
