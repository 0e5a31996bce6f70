#include "pith/curate/spam/word_pairs.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "pith/curate/spam/spam_tokens.h"

namespace pith {
namespace {

double affinity(std::string_view two_words) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(two_words, tokens);
  EXPECT_EQ(tokens.size(), 2u) << two_words;
  return word_pair_affinity(tokens[0].hash, tokens[1].hash);
}

TEST(WordPairsTest, WordsThatStandTogetherDoSoMoreThanWordsThatDoNot) {
  EXPECT_GT(affinity("United States"), affinity("States United") + 1);
  EXPECT_GT(affinity("for example"), affinity("example for"));
  EXPECT_GT(affinity("可以"), affinity("以可") + 1);
  EXPECT_GT(affinity("学习"), affinity("习学") + 1);
}

TEST(WordPairsTest, EverydayWordsHaveALargeShareAndOthersASmallOne) {
  const auto share = [](std::string_view word) {
    std::vector<SpamToken> tokens;
    append_spam_tokens(word, tokens);
    return log_word_share(tokens[0].hash);
  };
  EXPECT_GT(share("the"), -5);
  EXPECT_GT(share("的"), -5);
  EXPECT_LT(share("qzxvvxzq"), -12);
}

TEST(WordPairsTest, OfUnknownWordsLittleIsSaid) {
  const double unknown = affinity("qzxv vxzq");
  EXPECT_GE(unknown, -3);
  EXPECT_LE(unknown, 1);
}

}  // namespace
}  // namespace pith
