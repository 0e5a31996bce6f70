#include "pith/report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace pith {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ChartTest, FlowKeepsTheScaleOfWhatGoesOn) {
  const std::string svg = flow_chart(
      {{"extract", 100, 50, "50 (50 %)"}, {"dedup", 50, 25, "25 (50 %)"}}, "100 in", "25 kept");
  EXPECT_THAT(svg, HasSubstr("height=\"75.00\""));  // half of the band's 150
  EXPECT_THAT(svg, HasSubstr("height=\"37.50\""));
  EXPECT_THAT(svg, HasSubstr("50 (50 %)"));
}

TEST(ChartTest, StageThatDropsNothingHasNoBranch) {
  EXPECT_THAT(flow_chart({{"extract", 10, 10, "0"}}, "in", "out"),
              Not(HasSubstr("class=\"dropped\"")));
}

TEST(ChartTest, NothingToShowIsEmptyNotBroken) {
  EXPECT_EQ(flow_chart({}, "", ""), "");
  EXPECT_EQ(flow_chart({{"a", 0, 0, ""}}, "", ""), "");
  EXPECT_EQ(bar_chart({}), "");
  EXPECT_EQ(histogram({0, 0}, ""), "");
  EXPECT_EQ(line_chart({{"a", {}, false}}, "", ""), "");
  EXPECT_EQ(line_chart({{"a", {{1, std::nan("")}}, false}}, "", ""), "");
}

TEST(ChartTest, LinesLeaveOutPointsThatAreNotFinite) {
  const std::string svg =
      line_chart({{"loss", {{0, 4}, {1, INFINITY}, {2, 2}}, true}}, "step", "loss");
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, HasSubstr("points=\"60.0,16.0 1060.0,290.0 \""));
}

TEST(ChartTest, LabelsAreEscaped) {
  EXPECT_THAT(bar_chart({{"<b>", 1, 1, "&"}}), HasSubstr("&lt;b&gt;"));
}

}  // namespace
}  // namespace pith
