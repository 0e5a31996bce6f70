#include "pith/curate/summarise/term_cover.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(TermCoverTest, PartsComeByWhatTheyAddAndNeverTwice) {
  TermCover cover({"moon sea", "moon sea tide sun", "moon sea tide", "sun tide"}, {});
  EXPECT_EQ(cover.covered(), 0);
  ASSERT_EQ(cover.next(), 1u);
  cover.take(1);
  EXPECT_DOUBLE_EQ(cover.covered(), 1);
  EXPECT_EQ(cover.next(), std::nullopt);  // the others add nothing
}

TEST(TermCoverTest, WhatIsPassedOverIsNotCovered) {
  TermCover cover({"moon sea", "moon tide", "sea tide"}, {});
  EXPECT_EQ(cover.next(), 0u);
  EXPECT_EQ(cover.next(), 1u);
  EXPECT_EQ(cover.covered(), 0);
}

TEST(TermCoverTest, WhatOneSaysAloneCountsOnlyWhenAskedFor) {
  const std::vector<std::string_view> parts = {"moon sea", "moon sea", "bread"};
  TermCover shared(parts, {}), all(parts, {.single = 1});
  shared.take(0), all.take(0);
  EXPECT_DOUBLE_EQ(shared.covered(), 1);
  EXPECT_LT(all.covered(), 1);
}

TEST(TermCoverTest, ATextWithoutTermsIsCovered) {
  TermCover cover({"1 2", ""}, {});
  EXPECT_EQ(cover.next(), std::nullopt);
  EXPECT_EQ(cover.covered(), 1);
}

}  // namespace
}  // namespace pith
