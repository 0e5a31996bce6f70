#include "pith/curate/decontaminate/overlap_tokens.h"

#include "gtest/gtest.h"

namespace pith {
namespace {

std::vector<std::uint64_t> tokens(std::string_view text) {
  std::vector<std::uint64_t> found;
  overlap_tokens(text, found);
  return found;
}

TEST(OverlapTokensTest, NumbersAreOneTokenHoweverTheyAreWritten) {
  const auto expected = tokens("He has 25 apples");
  ASSERT_EQ(expected.size(), 4u);
  EXPECT_EQ(expected[2], kNumberToken);
  for (const std::string_view text :
       {"he has twenty-five apples!", "HE HAS 1,025.5 APPLES", "He has 7 apples"}) {
    EXPECT_EQ(tokens(text), expected) << text;
  }
  EXPECT_EQ(tokens("有二十五个苹果"), tokens("有25个苹果"));
  EXPECT_NE(tokens("He has no apples"), expected);
}

TEST(OverlapTokensTest, TellsWhichTextIsOfSigns) {
  std::vector<std::uint64_t> found;
  EXPECT_TRUE(overlap_tokens("小明有3个苹果", found));
  EXPECT_FALSE(overlap_tokens("The word 苹果 means apple", found));
  EXPECT_FALSE(overlap_tokens("", found));
  EXPECT_TRUE(found.empty());
}

}  // namespace
}  // namespace pith
