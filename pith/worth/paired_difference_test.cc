#include "pith/worth/paired_difference.h"

#include <gtest/gtest.h>

#include <vector>

namespace pith {
namespace {

TEST(PairedDifferenceTest, FollowsTheTTestOfPairs) {
  // Differences of 0.1, 0.125 and 0.075: their deviation is 0.025, so half the interval is
  // 4.3027 * 0.025 / sqrt(3).
  const std::vector<double> first = {2.10, 2.30, 2.25}, second = {2.00, 2.175, 2.175};
  const PairedDifference difference = paired_difference(first, second);
  EXPECT_NEAR(difference.mean, 0.1, 1e-12);
  EXPECT_NEAR(difference.low, 0.0378959, 1e-5);
  EXPECT_NEAR(difference.high, 0.1621041, 1e-5);
  EXPECT_TRUE(difference.told_from_zero());
}

TEST(PairedDifferenceTest, WhatAllSeedsShareDoesNotWidenTheInterval) {
  // Seeds are far apart, their differences are not.
  const std::vector<double> first = {1.0, 5.0, 9.0}, second = {0.9, 4.9, 8.9};
  const PairedDifference difference = paired_difference(first, second);
  EXPECT_NEAR(difference.high - difference.low, 0, 1e-9);
  EXPECT_TRUE(difference.told_from_zero());
}

TEST(PairedDifferenceTest, SeedsThatDisagreeProveNothing) {
  const std::vector<double> first = {2.0, 2.2, 2.1}, second = {2.1, 2.1, 2.05};
  const PairedDifference difference = paired_difference(first, second);
  EXPECT_LT(difference.low, 0);
  EXPECT_GT(difference.high, 0);
  EXPECT_FALSE(difference.told_from_zero());
}

TEST(PairedDifferenceTest, OnePairHasNoInterval) {
  const std::vector<double> first = {2.0}, second = {1.0};
  const PairedDifference difference = paired_difference(first, second);
  EXPECT_EQ(difference.mean, 1.0);
  EXPECT_FALSE(difference.has_interval());
  EXPECT_FALSE(difference.told_from_zero());
}

TEST(PairedDifferenceTest, QuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(student_t_975(1), 12.7062, 1e-3);
  EXPECT_NEAR(student_t_975(2), 4.3027, 1e-3);
  EXPECT_NEAR(student_t_975(15), 2.1314, 1e-3);
  EXPECT_NEAR(student_t_975(16), 2.1199, 1e-3);  // where the table ends
  EXPECT_NEAR(student_t_975(30), 2.0423, 1e-3);
  EXPECT_NEAR(student_t_975(1000), 1.9623, 1e-3);
}

}  // namespace
}  // namespace pith
