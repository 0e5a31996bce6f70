#include "pith/curate/dedup/word_hashes.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/base/random.h"
#include "pith/text/words.h"

namespace pith {
namespace {

std::vector<std::uint64_t> hashes(std::string_view text) {
  std::vector<std::uint64_t> out = {7};  // what was there before is gone
  word_hashes(text, out);
  return out;
}
std::vector<std::uint64_t> hashes_ref(std::string_view text) {
  std::vector<std::uint64_t> out;
  word_hashes_ref(text, out);
  return out;
}

// Pieces that the rules of words treat each in its own way, in every order and at every distance
// from the end.
TEST(WordHashesTest, FollowsTheReferenceOnAwkwardText) {
  const std::vector<std::string> pieces = {"a",
                                           "Word",
                                           "don't",
                                           "don\u2019t",
                                           "'",
                                           "''",
                                           " ",
                                           "  ",
                                           ", ",
                                           "\n",
                                           "-",
                                           "0",
                                           "12,5",
                                           "x86_64",
                                           "abcdefghijklmno",
                                           "abcdefghijklmnop",
                                           "abcdefghijklmnopq",
                                           "abcdefghijklmnopqrstuvwxyzabcdefghij",
                                           "中",
                                           "機器",
                                           "机器学习，",
                                           "。",
                                           "ひらがな",
                                           "カ\u3099",
                                           "中\u0301",
                                           "\u0301",
                                           "é",
                                           "e\u0301",
                                           "naïve",
                                           "ＡＢｃ１２",
                                           "한국어",
                                           "ไทย",
                                           "\U00020000",
                                           "\U0001F600",
                                           "\xff",
                                           "\xe4\xb8",
                                           "\xe4",
                                           "　",
                                           "µ",
                                           "ß"};
  Random random(1);
  for (int round = 0; round < 10'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(60); n > 0; --n)
      text += pieces[random.below(pieces.size())];
    ASSERT_EQ(hashes(text), hashes_ref(text)) << testing::PrintToString(text);
  }
}

TEST(WordHashesTest, WhatFoldsToTheSameIsTheSame) {
  EXPECT_EQ(hashes("The CAFÉ opens; ÀÉ"), hashes("the café OPENS àé"));
  EXPECT_EQ(hashes("ＡＢｃ１２ don\u2019t"), hashes("abc12 don't"));
  EXPECT_EQ(hashes("機器學習與軟體開發"), hashes("机器学习与软体开发"));
}

TEST(WordHashesTest, DifferentWordsAreDifferent) {
  std::vector<std::uint64_t> all;
  for (const char* word : {"a", "b", "ab", "ba", "a1", "1a", "0", "00", "abcdefgh", "abcdefgha",
                           "abcdefghab", "aabcdefgh", "don't", "dont", "中", "国"}) {
    all.push_back(hashes(word).at(0));
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST(WordHashesTest, AWordHasOneHash) {
  const std::string text = "Gopher's 3 quick words, 机器 and naïveté: x86_64.";
  EXPECT_EQ(hashes(text).size(), count_words(text));
  EXPECT_TRUE(hashes("").empty());
  EXPECT_TRUE(hashes("?! -- 。，").empty());
}

}  // namespace
}  // namespace pith
