#include "pith/worth/compute_curve.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

const ComputeCurve kCurve({{0.25, 3.0}, {0.5, 2.6}, {1, 2.3}, {2, 2.1}});

TEST(ComputeCurveTest, NothingSavedIsWorthNothingMore) {
  EXPECT_NEAR(kCurve.worth_of(0).times, 1, 1e-12);
}

TEST(ComputeCurveTest, MeasuredPointsAreMet) {
  EXPECT_NEAR(kCurve.worth_of(0.3).times, 2, 1e-9);
  EXPECT_NEAR(kCurve.worth_of(0.7).times, 4, 1e-9);
  EXPECT_NEAR(kCurve.worth_of(-0.2).times, 0.5, 1e-9);
  EXPECT_EQ(kCurve.worth_of(0.3).beyond, 0);
}

TEST(ComputeCurveTest, BetweenPointsItFollowsTheLogarithmOfTokens) {
  EXPECT_NEAR(kCurve.worth_of(0.15).times, 1.41421356, 1e-6);
}

TEST(ComputeCurveTest, BeyondWhatWasMeasuredOnlyTheSideIsKnown) {
  EXPECT_EQ(kCurve.worth_of(0.8).beyond, 1);
  EXPECT_EQ(kCurve.worth_of(0.8).times, 4);
  EXPECT_EQ(kCurve.worth_of(-0.3).beyond, -1);
  EXPECT_EQ(kCurve.worth_of(-0.3).times, 0.5);
}

TEST(ComputeCurveTest, ALossThatDoesNotFallSaysNothing) {
  EXPECT_TRUE(kCurve.usable());
  EXPECT_FALSE(ComputeCurve({{0.5, 2.6}, {1, 2.6}, {2, 2.1}}).usable());
  EXPECT_FALSE(ComputeCurve({{1, 2.6}}).usable());
}

}  // namespace
}  // namespace pith
