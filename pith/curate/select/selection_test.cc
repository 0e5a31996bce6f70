#include "pith/curate/select/selection.h"

#include <gtest/gtest.h>

#include "pith/base/hash.h"

namespace pith {
namespace {

const std::vector<float> kScores = {0.1f, 0.9f, 0.5f, 0.9f, 0.7f};
const std::vector<std::uint64_t> kKeys = {5, 4, 3, 2, 1};
const std::vector<std::uint64_t> kBytes = {10, 20, 30, 40, 50};
const std::vector<std::uint8_t> kNoneExcluded(5, 0);

Selection select(const SelectionRule& rule, const std::vector<std::uint8_t>& excluded) {
  return select_documents({kScores, kKeys, kBytes, excluded}, rule);
}

using Mask = std::vector<std::uint8_t>;

TEST(SelectionTest, WithoutARuleAllStay) {
  const Selection all = select({}, kNoneExcluded);
  EXPECT_EQ(all.kept, (Mask{1, 1, 1, 1, 1}));
  EXPECT_EQ(all.bytes, 150u);
}

TEST(SelectionTest, BestFirstUntilTheNextDoesNotFit) {
  const Selection some = select({.keep_bytes = 60}, kNoneExcluded);
  EXPECT_EQ(some.kept, (Mask{0, 1, 0, 1, 0}));
  EXPECT_FLOAT_EQ(static_cast<float>(some.threshold), 0.9f);
  EXPECT_EQ(select({.keep_bytes = 59}, kNoneExcluded).kept, (Mask{0, 0, 0, 1, 0}));
}

TEST(SelectionTest, OneLargerThanAllIsPassedOver) {
  EXPECT_EQ(select({.keep_bytes = 35}, kNoneExcluded).kept, (Mask{0, 1, 0, 0, 0}));
}

TEST(SelectionTest, BelowTheThresholdOnlyTheFloorIsKept) {
  EXPECT_EQ(select({.min_score = 0.6}, kNoneExcluded).kept, (Mask{0, 1, 0, 1, 1}));
  const Selection floored = select({.min_score = 0.95, .floor_bytes = 41}, kNoneExcluded);
  EXPECT_EQ(floored.kept, (Mask{0, 1, 0, 1, 0}));
  EXPECT_FLOAT_EQ(static_cast<float>(floored.threshold), 0.9f);
}

TEST(SelectionTest, ExcludedDocumentsAreNeverChosen) {
  EXPECT_EQ(select({}, {0, 1, 0, 0, 1}).kept, (Mask{1, 0, 1, 1, 0}));
}

// Documents of 10 bytes, the better the later, in two strata that follow each other.
class StratifiedSelectionTest : public testing::Test {
 protected:
  StratifiedSelectionTest() {
    for (int i = 0; i < 100; ++i) {
      scores_.push_back(static_cast<float>(i));
      keys_.push_back(mix64(static_cast<std::uint64_t>(i)));
      strata_.push_back(i < 50 ? 0 : 1);
    }
  }
  // How many of each stratum are kept.
  std::vector<int> kept(const std::vector<double>& shares, const SelectionRule& rule) {
    selection_ = select_documents({scores_, keys_, bytes_, excluded_, strata_, shares}, rule);
    std::vector<int> counts(2, 0);
    for (std::size_t i = 0; i < 100; ++i) {
      counts[strata_[i]] += selection_.kept[i];
    }
    return counts;
  }

  std::vector<float> scores_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> strata_;
  std::vector<std::uint64_t> bytes_ = std::vector<std::uint64_t>(100, 10);
  std::vector<std::uint8_t> excluded_ = std::vector<std::uint8_t>(100, 0);
  Selection selection_;
};

TEST_F(StratifiedSelectionTest, EveryStratumGetsItsShareOfTheBestOfIt) {
  EXPECT_EQ(kept({}, {.keep_bytes = 400}), (std::vector<int>{0, 40}));
  EXPECT_EQ(kept({3, 1}, {.keep_bytes = 400}), (std::vector<int>{30, 10}));
  EXPECT_EQ(selection_.kept[19], 0);
  EXPECT_EQ(selection_.kept[20], 1);  // the best 30 of the first
  EXPECT_EQ(selection_.kept[89], 0);
  EXPECT_EQ(selection_.kept[90], 1);
  EXPECT_EQ(selection_.threshold, 20);
}

TEST_F(StratifiedSelectionTest, WhatOneDoesNotHaveTheOthersGet) {
  EXPECT_EQ(kept({9, 1}, {.keep_bytes = 800}), (std::vector<int>{50, 30}));
}

TEST_F(StratifiedSelectionTest, WhatIsBelowTheThresholdComesLastWhateverItsStratum) {
  EXPECT_EQ(kept({1, 1}, {.min_score = 40, .floor_bytes = 0, .keep_bytes = 1000}),
            (std::vector<int>{10, 50}));
  EXPECT_EQ(kept({1, 1}, {.min_score = 40, .floor_bytes = 800, .keep_bytes = 1000}),
            (std::vector<int>{30, 50}));
}

TEST_F(StratifiedSelectionTest, NoiseSamplesByTheOdds) {
  for (std::size_t i = 0; i < 100; ++i) scores_[i] = strata_[i] == 1 ? 2.0f : 0.0f;
  EXPECT_EQ(kept({}, {.keep_bytes = 300, .noise = 0}), (std::vector<int>{0, 30}));
  const std::vector<int> sampled = kept({}, {.keep_bytes = 300, .noise = 1});
  EXPECT_GT(sampled[0], 1);  // about one in eight
  EXPECT_LT(sampled[0], 10);
  EXPECT_GT(kept({}, {.keep_bytes = 300, .noise = 100})[0], 8);
  EXPECT_EQ(kept({}, {.keep_bytes = 300, .noise = 1}), sampled);
}

}  // namespace
}  // namespace pith
