#include "pith/curate/decontaminate/overlap_index.h"

#include <string>

#include "gtest/gtest.h"
#include "pith/base/random.h"

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

// A set whose questions all begin alike, in a text that is full of them.
class OverlapIndexTemplateTest : public testing::Test {
 protected:
  std::string question(std::size_t number) const {
    std::string text = "Which of the following best describes the";
    Random random(7, std::to_string(number));
    for (int i = 0; i < 8; ++i) text += " word" + letters(random.below(300));
    return text + "? ";
  }
  static std::string letters(std::uint64_t number) {
    std::string text;
    for (; number > 0; number /= 26) text += static_cast<char>('a' + number % 26);
    return text;
  }
  OverlapIndex index_;
  OverlapIndex::Scratch scratch_;
};

TEST_F(OverlapIndexTemplateTest, FindsWhatComparingAllFinds) {
  for (std::size_t i = 0; i < 60; ++i) ASSERT_TRUE(index_.add(question(i)));
  ASSERT_TRUE(index_.add("小明有一些苹果，他给了小红一半，后来又买了几个"));
  index_.build();
  Random random(1, "texts");
  for (int times = 0; times < 200; ++times) {
    // Pieces of questions, of every length, one after the other, some of them again.
    std::string text;
    for (std::uint64_t pieces = random.below(6); pieces > 0; --pieces) {
      const std::string whole = question(random.below(70));
      const std::size_t begin = random.below(2) == 0 ? 0 : random.below(whole.size());
      for (std::uint64_t again = 1 + random.below(2); again > 0; --again) {
        text += whole.substr(begin, random.below(2) == 0 ? whole.size() : random.below(90)) + " ";
      }
      if (random.below(4) == 0) text += "小明有一些苹果，他给了小红一半，后来";
    }
    const auto found = index_.find(text, scratch_), expected = index_.find_ref(text);
    ASSERT_EQ(found.size(), expected.size()) << text;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].item, expected[i].item) << text;
      EXPECT_EQ(found[i].share, expected[i].share) << text;
      EXPECT_EQ(found[i].token, expected[i].token) << text;
    }
  }
}

// Each of the beginnings in the text is of all items: were each pair looked at, there would be as
// many as the square of the items.
TEST_F(OverlapIndexTemplateTest, WhatAllItemsShareTakesNoMemory) {
  constexpr std::size_t kItems = 3000;
  std::string text;
  for (std::size_t i = 0; i < kItems; ++i) {
    ASSERT_TRUE(index_.add(question(i)));
    text += question(i);
  }
  index_.build();
  EXPECT_EQ(index_.find(text, scratch_).size(), kItems);
  EXPECT_LT(scratch_.places.capacity(), 8 * kItems);
  const auto one = index_.find(question(2999), scratch_);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].item, 2999u);
}

// To us they are the same text: numbers do not count.
TEST_F(OverlapIndexTemplateTest, OfItemsThatDifferInNumbersSomeAreFound) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(index_.add("How many of the " + std::to_string(i) + " boats came in before noon?"));
  }
  index_.build();
  EXPECT_EQ(index_.find("how many of the 5000 boats came in before noon", scratch_).size(),
            OverlapIndex::kMostAlike);
}

TEST_F(OverlapIndexTemplateTest, AnyOptionsWork) {
  for (const OverlapOptions& options :
       {OverlapOptions{.words = 0, .signs = 0},
        OverlapOptions{.words = SIZE_MAX, .signs = SIZE_MAX},
        OverlapOptions{.share = 0, .least_grams = 0}, OverlapOptions{.least_grams = SIZE_MAX},
        OverlapOptions{.words = 0, .signs = 0, .least_words = 0}}) {
    OverlapIndex index(options);
    EXPECT_FALSE(index.add("... !"));
    ASSERT_TRUE(index.add(question(1)));
    index.add("小明有一些苹果，他给了小红一半");
    index.build();
    EXPECT_EQ(index.find(question(1), scratch_).size(), 1u);
    EXPECT_TRUE(index.find("", scratch_).empty());
  }
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
