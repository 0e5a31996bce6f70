#include "pith/train/step_guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pith/base/random.h"

namespace pith {
namespace {

// Losses that fall from 8 to 3 with some noise, as of a training that goes well.
CheckpointState after(std::int64_t steps, double noise) {
  CheckpointState state;
  Random random(2);
  while (state.step < steps) {
    const double loss =
        3 + 5 * std::exp(-static_cast<double>(state.step) / 50) + noise * random.normal();
    EXPECT_EQ(reason_to_skip(state, loss, 64), "") << state.step;
    count_taken(state, loss);
  }
  return state;
}

TEST(StepGuardTest, ATrainingThatGoesWellIsNeverSkipped) {
  for (const double noise : {0.0, 0.05, 0.5}) {
    const CheckpointState state = after(2000, noise);
    EXPECT_NEAR(state.loss_average, 3, 0.01 + noise / 4);
    EXPECT_NEAR(std::sqrt(state.loss_variance), noise, 0.01 + noise / 4);
    EXPECT_EQ(state.skipped, 0);
  }
}

TEST(StepGuardTest, ASpikeAndALossThatIsNotFiniteAreSkippedAndNotAveraged) {
  CheckpointState state = after(500, 0.1);
  const double mean = state.loss_average;
  for (const double loss :
       {9.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_NE(reason_to_skip(state, loss, 64), "") << loss;
    count_skipped(state);
  }
  EXPECT_EQ(state.loss_average, mean);
  EXPECT_EQ(state.skipped, 3);
  EXPECT_EQ(state.skipped_in_a_row, 3);
  EXPECT_EQ(state.step, 503);
  EXPECT_EQ(reason_to_skip(state, 3.3, 64), "") << "within the noise";
  count_taken(state, 3.3);
  EXPECT_EQ(state.skipped_in_a_row, 0);
  EXPECT_EQ(state.skipped, 3);
}

TEST(StepGuardTest, ARowOfAnotherKindIsNoSpikeWhereAStepHasFew) {
  const CheckpointState state = after(500, 0.1);
  EXPECT_EQ(reason_to_skip(state, 7.5, 1), "");
  EXPECT_NE(reason_to_skip(state, 7.5, 8), "");
  EXPECT_EQ(reason_to_skip(state, 3.7, 8), "");
  EXPECT_NE(reason_to_skip(state, 3.8, 64), "");
  EXPECT_NE(reason_to_skip(state, 12, 1), "");
}

TEST(StepGuardTest, TheFirstStepsMayDoAsTheyLike) {
  CheckpointState state;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(reason_to_skip(state, i % 2 == 0 ? 3.0 : 30.0, 64), "");
    count_taken(state, 3.0);
  }
  EXPECT_NE(reason_to_skip(state, 30.0, 64), "");
}

}  // namespace
}  // namespace pith
