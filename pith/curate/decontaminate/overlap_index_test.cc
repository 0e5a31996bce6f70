#include "pith/curate/decontaminate/overlap_index.h"

#include "gtest/gtest.h"

namespace pith {
namespace {

constexpr std::string_view kQuestion =
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in "
    "May. "
    "How many clips did Natalia sell altogether in April and May?";
constexpr std::string_view kChinese =
    "小明有48个苹果，他给了小红一半，后来又买了12个，请问小明现在一共有多少个苹果？";

class OverlapIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(index_.add(kQuestion));
    ASSERT_TRUE(index_.add(kChinese));
    index_.build();
  }
  // Items found in `text` between other text.
  std::vector<std::uint32_t> found(const std::string& text) {
    std::string document;
    for (int i = 0; i < 50; ++i) document += "Clips are sold in many shops of the town in spring. ";
    document += text;
    for (int i = 0; i < 50; ++i) document += "苹果在很多商店里都有卖，价格不同。";
    std::vector<std::uint32_t> items;
    for (const OverlapMatch& match : index_.find(document, scratch_)) items.push_back(match.item);
    return items;
  }
  OverlapIndex index_;
  OverlapIndex::Scratch scratch_;
};

TEST_F(OverlapIndexTest, VerbatimCopiesAreFoundWhole) {
  EXPECT_EQ(found(std::string(kQuestion)), std::vector<std::uint32_t>{0});
  EXPECT_EQ(found(std::string(kChinese)), std::vector<std::uint32_t>{1});
  const auto matches = index_.find("Now: " + std::string(kQuestion), scratch_);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].share, 1.0);
  EXPECT_EQ(matches[0].token, 1u);
}

TEST_F(OverlapIndexTest, EditedCopiesAndOtherNumbersAreFound) {
  EXPECT_EQ(
      found("NATALIA sold clips to fifty-two of her friends in April and then she sold half as "
            "many clips in June. How many clips did Natalia sell in all in April and June?"),
      std::vector<std::uint32_t>{0});
  EXPECT_EQ(found("小明有二十个苹果，他给了小红一半，后来又买了七个，请问小明现在总共有几个苹果"),
            std::vector<std::uint32_t>{1});
}

TEST_F(OverlapIndexTest, TextOfTheSameSubjectIsNot) {
  EXPECT_TRUE(found("Natalia has many friends. In April she sold her car, and in May she bought "
                    "clips. How many clips are there in a box?")
                  .empty());
  EXPECT_TRUE(found("小明喜欢吃苹果，小红喜欢吃梨。他们一共有几个朋友？").empty());
}

TEST_F(OverlapIndexTest, PiecesFarApartAreNoCopy) {
  const std::string text(kQuestion);
  std::string scattered;
  for (std::size_t at = 0; at < text.size(); at += 30) {
    scattered += text.substr(at, 30);
    for (int i = 0; i < 40; ++i) scattered += " something else entirely";
  }
  EXPECT_TRUE(found(scattered).empty());
}

TEST(OverlapIndexSmallTest, AShortItemIsFoundOnlyWhole) {
  OverlapIndex index;
  ASSERT_TRUE(index.add("Write a function to find the volume of a cone."));
  index.build();
  OverlapIndex::Scratch scratch;
  EXPECT_TRUE(
      index.find("Use it to find the volume of a cone with a square base.", scratch).empty());
  EXPECT_EQ(index.find("Task: write a function to find the volume of a cone", scratch).size(), 1u);
}

TEST(OverlapIndexSmallTest, ShortItemsAreRefusedAndNoItemsFindNothing) {
  OverlapIndex index;
  EXPECT_FALSE(index.add("Yes."));
  EXPECT_FALSE(index.add("苹果"));
  index.build();
  OverlapIndex::Scratch scratch;
  EXPECT_TRUE(index.find("Yes.", scratch).empty());
}

}  // namespace
}  // namespace pith
