#include "pith/curate/extract/page_measures.h"

#include <cmath>

#include "gtest/gtest.h"
#include "pith/curate/extract/measured_page_test.h"

namespace pith {
namespace {

TEST(PageMeasuresTest, AreMeansOverAllBlocksAndOverTheWordsOfKeptOnes) {
  MeasuredPage page("<h1>One two</h1><p>Three four five six seven eight.</p><p>Nine</p>");
  ASSERT_EQ(page.blocks.blocks.size(), 3u);
  const std::vector<std::uint8_t> keep = {1, 1, 0};
  const std::vector<float> probability = {0.5f, 1.0f, 0.0f};
  const std::vector<float> measures = measure_page(page.measurer, page.blocks, keep, probability);
  ASSERT_EQ(measures.size(), kPageMeasures);
  const auto heading = static_cast<std::size_t>(BlockFeature::kHeading);
  const float of_h1 = page.measurer.column(heading)[0];
  ASSERT_GT(of_h1, 0);
  EXPECT_FLOAT_EQ(measures[heading], of_h1 / 3);
  EXPECT_FLOAT_EQ(measures[kBlockFeatureCount + heading], of_h1 * 2 / 8);
  const float* const amount = measures.data() + 2 * kBlockFeatureCount;
  EXPECT_FLOAT_EQ(amount[0], std::log1p(3.0f));
  EXPECT_FLOAT_EQ(amount[1], std::log1p(2.0f));
  EXPECT_FLOAT_EQ(amount[2], 8.0f / 9);
  EXPECT_FLOAT_EQ(amount[3], 0.5f);
}

TEST(PageMeasuresTest, AnEmptyPageIsAllZeros) {
  MeasuredPage page("");
  for (const float value : measure_page(page.measurer, page.blocks, {}, {})) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace pith
