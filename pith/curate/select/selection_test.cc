#include "pith/curate/select/selection.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

const std::vector<float> kQuality = {0.1f, 0.9f, 0.5f, 0.9f, 0.7f};
const std::vector<std::uint64_t> kKeys = {5, 4, 3, 2, 1};
const std::vector<std::uint64_t> kBytes = {10, 20, 30, 40, 50};
const std::vector<std::uint8_t> kNoneExcluded(5, 0);

Selection select(const SelectionRule& rule, const std::vector<std::uint8_t>& excluded) {
  return select_best({kQuality, kKeys, kBytes, excluded}, rule);
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
  EXPECT_EQ(select({.min_quality = 0.6}, kNoneExcluded).kept, (Mask{0, 1, 0, 1, 1}));
  const Selection floored = select({.min_quality = 0.95, .floor_bytes = 41}, kNoneExcluded);
  EXPECT_EQ(floored.kept, (Mask{0, 1, 0, 1, 0}));
  EXPECT_FLOAT_EQ(static_cast<float>(floored.threshold), 0.9f);
}

TEST(SelectionTest, ExcludedDocumentsAreNeverChosen) {
  EXPECT_EQ(select({}, {0, 1, 0, 0, 1}).kept, (Mask{1, 0, 1, 1, 0}));
}

}  // namespace
}  // namespace pith
