#include "pith/train/expert_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::HasSubstr;

TEST(ExpertReportTest, SaysHowFarTheBusiestIsAboveTheMeanAndHowManyAreIdle) {
  const std::vector<std::int64_t> even = {5, 5, 5, 5}, uneven = {12, 0, 0, 4}, idle(4, 0);
  const std::vector<ExpertLoad> loads = {{1, even, idle}, {2, uneven, idle}};
  const ExpertReport report = report_experts(loads);
  EXPECT_EQ(report.max_load, 3.0);
  EXPECT_EQ(report.idle, 2);
  EXPECT_EQ(expert_loads_json(loads).dump(), "[[5,5,5,5],[12,0,0,4]]");
  EXPECT_EQ(report_experts({}).max_load, 0);
}

TEST(ExpertReportTest, AnExpertWithoutTokensForLongIsAnAlarmOnce) {
  const std::vector<std::int64_t> tokens = {5, 0}, before = {0, 99}, at = {0, 100},
                                  after = {0, 101};
  const auto warnings = [&](const std::vector<std::int64_t>& idle) {
    const std::vector<ExpertLoad> loads = {{3, tokens, idle}};
    return idle_warnings(loads);
  };
  EXPECT_TRUE(warnings(before).empty());
  EXPECT_TRUE(warnings(after).empty());
  ASSERT_EQ(warnings(at).size(), 1u);
  EXPECT_THAT(warnings(at)[0], HasSubstr("expert 1 of layer 3 got no token for 100 steps"));
}

}  // namespace
}  // namespace pith
