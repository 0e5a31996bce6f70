#include "pith/cli/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::HasSubstr;

TEST(BudgetTest, TimeIsWallTimeAndCoreHoursAreNot) {
  EXPECT_DOUBLE_EQ(parse_budget("90s", "")->seconds, 90);
  EXPECT_DOUBLE_EQ(parse_budget("3m", "")->seconds, 180);
  EXPECT_DOUBLE_EQ(parse_budget("1.5h", "")->seconds, 5400);
  EXPECT_DOUBLE_EQ(parse_budget("2d", "")->seconds, 172'800);
  EXPECT_DOUBLE_EQ(parse_budget("5 minutes", "")->seconds, 300);
  EXPECT_DOUBLE_EQ(parse_budget("200ms", "")->seconds, 0.2);
  EXPECT_EQ(parse_budget("90s", "")->core_seconds, 0);
  for (const char* half : {"0.5core-h", "30core-m", "0.5 core-hours", "30core-minutes"}) {
    const auto budget = parse_budget(half, "");
    ASSERT_TRUE(budget) << budget.error().message;
    EXPECT_DOUBLE_EQ(budget->core_seconds, 1800) << half;
    EXPECT_EQ(budget->seconds, 0);
  }
}

TEST(BudgetTest, EnergyIsInJoules) {
  EXPECT_DOUBLE_EQ(parse_budget("20kJ", "")->joules, 20'000);
  EXPECT_DOUBLE_EQ(parse_budget("5Wh", "")->joules, 18'000);
  EXPECT_DOUBLE_EQ(parse_budget("700J", "")->joules, 700);
}

TEST(BudgetTest, MoneyBuysCoreHours) {
  for (const char* text : {"0.05USD", "$0.05", "$ 0.05", "0.05 USD", "0.05$"}) {
    for (const char* price : {"0.1", "0.1USD", "$0.1"}) {
      const auto budget = parse_budget(text, price);
      ASSERT_TRUE(budget) << budget.error().message;
      EXPECT_DOUBLE_EQ(budget->core_seconds, 1800) << text << " at " << price;
    }
  }
  EXPECT_DOUBLE_EQ(parse_budget("0.5CNY", "0.25CNY")->core_seconds, 7200);
  EXPECT_DOUBLE_EQ(parse_budget("0.5元", "0.25 CNY")->core_seconds, 7200);
  EXPECT_DOUBLE_EQ(parse_budget("0.3EUR", "€0.3")->core_seconds, 3600);
}

TEST(BudgetTest, WhatIsMissingIsSaid) {
  const auto error = [](std::string_view text, std::string_view price) {
    const auto budget = parse_budget(text, price);
    return budget ? "none" : budget.error().message;
  };
  EXPECT_THAT(error("0.05USD", ""), HasSubstr("--price-per-core-hour 0.04"));
  EXPECT_THAT(error("3m", "0.04"), HasSubstr("is no money"));
  EXPECT_THAT(error("0.05USD", "0.04EUR"), HasSubstr("is not in USD"));
  EXPECT_THAT(error("0.05USD", "cheap"), HasSubstr("is no price"));
  EXPECT_THAT(error("0.05USD", "0"), HasSubstr("is no price"));
  EXPECT_THAT(error("0s", ""), HasSubstr("more than nothing"));
  for (const char* wrong : {"soon", "3", "", "-3m", "3x", "3core", "core-h", "3core-J", "$3m",
                            "nans", "infs", "3usd", "¥3", "$"}) {
    EXPECT_THAT(error(wrong, ""), HasSubstr("is not a budget; write it as 90s, 3m")) << wrong;
  }
}

}  // namespace
}  // namespace pith
