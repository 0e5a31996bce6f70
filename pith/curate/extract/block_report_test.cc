#include "pith/curate/extract/block_report.h"

#include <gmock/gmock.h>

#include "pith/base/json.h"
#include "pith/curate/extract/block_features.h"

namespace pith {
namespace {

constexpr const char* kPage =
    "<nav class='main-menu'><a href=a>Home</a></nav><p>A sentence of the text, long enough, that "
    "nobody would take for a menu.</p>";

TEST(BlockReportTest, TellsWhatIsKeptAndHowLikelyItIs) {
  const auto report = parse_json(block_report(kPage, false), "report");
  ASSERT_TRUE(report) << report.error().message;
  const JsonArray& blocks = (*report)["blocks"].items();
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0]["text"].as_string(), "Home");
  EXPECT_LT(blocks[0]["probability"].as_double(), blocks[1]["probability"].as_double());
  EXPECT_FALSE(report->has("features"));
}

TEST(BlockReportTest, MeasuresHaveAColumnAFeatureAndAValueABlock) {
  const auto report = parse_json(block_report(kPage, true), "report");
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ((*report)["features"].items().size(), kBlockFeatureCount);
  EXPECT_EQ((*report)["features"].items()[0].items().size(), 2u);
  EXPECT_EQ((*report)["around"].items()[1].items().size(), 16u);
  const std::string node = std::to_string((*report)["node"].items()[0].as_int());
  EXPECT_EQ((*report)["elements"][node].items().size(), 4u);  // parent, main, main-menu, menu
  const auto empty = parse_json(block_report("", true), "report");
  ASSERT_TRUE(empty) << empty.error().message;
}

}  // namespace
}  // namespace pith
