#include "pith/curate/classify/language_features.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pith {
namespace {

const FoldedPoints& folded() {
  static const FoldedPoints table;
  return table;
}

std::vector<std::size_t> buckets(std::string_view text) {
  std::vector<std::size_t> all;
  for_each_language_feature(text, folded(), [&](std::size_t bucket) { all.push_back(bucket); });
  return all;
}

TEST(LanguageFeaturesTest, NgramsOfTwoToFourPointsAndWords) {
  // " ab ": pairs " a", "ab", "b "; triples " ab", "ab "; one of four; the word.
  EXPECT_EQ(buckets("ab").size(), 3u + 2u + 1u + 1u);
  EXPECT_TRUE(buckets("").empty());
  EXPECT_TRUE(buckets("12 -- 34\n").empty());
}

TEST(LanguageFeaturesTest, WhatIsNoLetterIsOneSpaceAndCaseDoesNotCount) {
  EXPECT_EQ(buckets("Über, 12 CAFÉ!"), buckets("über café"));
  EXPECT_EQ(buckets("  a\t\nb "), buckets("a b"));
  EXPECT_NE(buckets("ab"), buckets("a b"));
}

TEST(LanguageFeaturesTest, MarksBelongToWords) {
  EXPECT_EQ(buckets("हिन्दी").size(), buckets("abcdef").size());
}

TEST(LanguageFeaturesTest, BucketsAreInRangeAndIllFormedBytesPassedOver) {
  for (const std::size_t bucket : buckets("Zwölf Boxkämpfer jagen Viktor 快速 бег")) {
    EXPECT_LT(bucket, kLanguageBuckets);
  }
  EXPECT_EQ(buckets("a\xFF"
                    "b"),
            buckets("ab"));
}

}  // namespace
}  // namespace pith
