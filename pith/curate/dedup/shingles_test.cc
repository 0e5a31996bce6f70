#include "pith/curate/dedup/shingles.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace pith
