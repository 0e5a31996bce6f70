#include "pith/curate/extract/block_features.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "pith/curate/extract/measured_page_test.h"

namespace pith {
namespace {

using F = BlockFeature;

TEST(BlockFeaturesTest, TextIsMeasured) {
  const MeasuredPage m("<p>One two. <a href=x>Three 4</a></p><h2>$5</h2>");
  EXPECT_FLOAT_EQ(m.value(F::kWords, 0), std::log1p(4.0f));
  EXPECT_FLOAT_EQ(m.value(F::kLinkDensity, 0), 0.5f);
  EXPECT_EQ(m.value(F::kIsP, 0), 1);
  EXPECT_EQ(m.value(F::kCurrency, 0), 0);
  EXPECT_EQ(m.value(F::kCurrency, 1), 1);
  EXPECT_EQ(m.value(F::kHeading, 1), 2);
  EXPECT_EQ(m.value(F::kPrevLinks, 1), 0.5f);
  EXPECT_EQ(m.value(F::kNextHeading, 0), 2);
}

TEST(BlockFeaturesTest, ElementsAroundAreKnown) {
  const MeasuredPage m(
      "<nav><ul><li><a href=x>Home</a></ul></nav><main><div>text</div></main>"
      "<div role=contentinfo>c</div><div style='display: none'>h</div>");
  EXPECT_EQ(m.value(F::kInNav, 0), 1);
  EXPECT_EQ(m.value(F::kInMain, 1), 1);
  EXPECT_EQ(m.value(F::kInNav, 1), 0);
  EXPECT_EQ(m.value(F::kInFooter, 2), 1);
  EXPECT_EQ(m.value(F::kInHidden, 3), 1);
}

TEST(BlockFeaturesTest, AHeaderInsideAnArticleIsNotThePages) {
  const MeasuredPage m("<header>a</header><article><header>b</header></article>");
  EXPECT_EQ(m.value(F::kInHeader, 0), 1);
  EXPECT_EQ(m.value(F::kInHeader, 1), 0.5f);
}

TEST(BlockFeaturesTest, NamesOfElementsSpeakForOrAgainstTheirText) {
  const MeasuredPage m(
      "<div class='site-footer'><p>a</p></div><div class='entryContent'><p>b</p></div>");
  EXPECT_LT(m.value(F::kCueSum, 0), m.value(F::kCueSum, 1));
}

TEST(BlockFeaturesTest, RepeatedItemsAndTextsAreCounted) {
  const MeasuredPage m(
      "<div><div class=card><p>a</p><p>same</p></div><div class=card><p>b</p><p>same</p></div>"
      "<div class=card><p>c</p><p>same</p></div></div><p>d</p>");
  EXPECT_FLOAT_EQ(m.value(F::kItemRepeats, 0), std::log1p(3.0f));
  EXPECT_FLOAT_EQ(m.value(F::kTextRepeats, 1), std::log1p(3.0f));
  EXPECT_EQ(m.measurer.likeness(0), m.measurer.likeness(2));
  EXPECT_NE(m.measurer.likeness(0), m.measurer.likeness(6));
  EXPECT_EQ(m.value(F::kItemRepeats, 6), 0);
}

TEST(BlockFeaturesTest, AroundSkipsElementsThatAddNothing) {
  const MeasuredPage m("<section><div><div><p>a</p></div></div><p>b</p></section>");
  const std::uint32_t wider = m.measurer.around(0, 2);
  EXPECT_EQ(m.tree.nodes()[wider].tag, HtmlTag::kSection);
  EXPECT_EQ(m.measurer.sums(wider).blocks, 2u);
  EXPECT_EQ(m.measurer.around(0, 9), 0u);
}

TEST(BlockFeaturesTest, TextThatTheHeadPromisesIsRecognised) {
  const MeasuredPage m(
      "<script type='application/ld+json'>{\"articleBody\": \"the quick brown fox jumps over it\"}"
      "</script><p>The quick brown fox jumps over it</p><p>something else is written down "
      "here</p>");
  EXPECT_FLOAT_EQ(m.value(F::kHintOverlap, 0), 1.0f);
  EXPECT_FLOAT_EQ(m.value(F::kHintOverlap, 1), 0.0f);
}

TEST(BlockFeaturesTest, EveryValueIsFiniteOnOddPages) {
  for (const char* html : {"", "<p>", "x", "<p>!!!</p><p>\xF0\x9F\x98\x80</p>", "<h1>1</h1>",
                           "<table><tr><td>|</table>", "<math></math>", "\xFF\xFE"}) {
    const MeasuredPage m(html);
    for (std::size_t f = 0; f < kBlockFeatureCount; ++f) {
      EXPECT_TRUE(
          std::ranges::all_of(m.measurer.column(f), [](float v) { return std::isfinite(v); }))
          << block_feature_name(f) << " of " << html;
    }
  }
}

}  // namespace
}  // namespace pith
