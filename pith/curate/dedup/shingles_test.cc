#include "pith/curate/dedup/shingles.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/base/random.h"

namespace pith {
namespace {

std::vector<std::uint32_t> shingles(std::string_view text) {
  std::vector<std::uint32_t> out = {7};  // what was there before is gone
  distinct_shingles(text, out);
  return out;
}

TEST(ShinglesTest, RollingFollowsTheReferenceAtEveryLength) {
  std::string text;
  for (int words = 0; words < 40; ++words) {
    EXPECT_EQ(shingles(text), distinct_shingles_ref(text)) << words << " words";
    text += words % 3 == 0 ? " 机器 " : " word" + std::to_string(words % 17);
  }
}

TEST(ShinglesTest, EveryFiveWordsInARowAreOne) {
  EXPECT_EQ(shingles("").size(), 0u);
  EXPECT_EQ(shingles("?! --").size(), 0u);
  EXPECT_EQ(shingles("one").size(), 1u);
  EXPECT_EQ(shingles("one two three four five").size(), 1u);
  EXPECT_EQ(shingles("one two three four five six seven").size(), 3u);
}

TEST(ShinglesTest, ChineseCharactersAreWords) {
  EXPECT_EQ(shingles("今天天气非常好").size(), 3u);
  EXPECT_GT(jaccard(shingles("今天天气非常好，我们去公园散步吧"),
                    shingles("今天天气非常好。我们去公园散步。")),
            0.7);
}

TEST(ShinglesTest, TraditionalChineseIsAsSimplified) {
  EXPECT_EQ(shingles("機器學習是讓電腦從資料裡學習的學問。"),
            shingles("机器学习是让电脑从资料里学习的学问。"));
}

TEST(ShinglesTest, ManyAreAscendingAndOnce) {
  std::string text;
  Random random(2);
  for (int i = 0; i < 5000; ++i) text += "w" + std::to_string(random.below(40)) + " ";
  const auto all = shingles(text + text + "中文" + text);
  EXPECT_EQ(all, distinct_shingles_ref(text + text + "中文" + text));
  EXPECT_GT(all.size(), 4000u);
}

TEST(ShinglesTest, CaseAndPunctuationDoNotCount) {
  EXPECT_EQ(shingles("The quick, brown fox jumps: over!"),
            shingles("the QUICK brown fox   jumps over"));
  EXPECT_NE(shingles("a b c d e"), shingles("e d c b a"));
}

TEST(ShinglesTest, RepeatedShinglesCountOnce) {
  EXPECT_EQ(shingles("a a a a a a a a a a").size(), 1u);
}

TEST(ShinglesTest, JaccardOfSmallSets) {
  EXPECT_EQ(jaccard({}, {}), 0.0);
  EXPECT_EQ(jaccard({1, 2, 3}, {1, 2, 3}), 1.0);
  EXPECT_EQ(jaccard({1, 2, 3}, {3, 4, 5}), 0.2);
  EXPECT_EQ(jaccard({1}, {2}), 0.0);
}

TEST(ExactTextHashTest, OnlySpacingAndAsciiCaseAreFolded) {
  const Hash128 hash = exact_text_hash("Ein Satz über Nächte");
  EXPECT_EQ(hash, exact_text_hash("  ein\n\nsatz\t über\u00a0 \u3000nächte "));
  EXPECT_NE(hash, exact_text_hash("Ein Satz über Nächte."));
  EXPECT_NE(hash, exact_text_hash("EinSatz über Nächte"));
  EXPECT_NE(exact_text_hash("\xff"), exact_text_hash("\xfe"));
}

TEST(ExactTextHashTest, FollowsTheReferenceOnAwkwardText) {
  const std::vector<std::string> pieces = {"a",
                                           "Word",
                                           " ",
                                           "  ",
                                           "\n",
                                           "\t",
                                           "@[`{",
                                           "中文",
                                           "　",
                                           "\u00a0",
                                           "\u2009",
                                           "é",
                                           "\xff",
                                           "\xe4\xb8",
                                           "\xc2",
                                           "\x7f",
                                           "\x01",
                                           "ABCDEFGHIJ",
                                           "lower case words"};
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(12); n > 0; --n)
      text += pieces[random.below(pieces.size())];
    ASSERT_EQ(exact_text_hash(text), exact_text_hash_ref(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace pith
