#include "pith/curate/spam/spam_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/word_pairs.h"

namespace pith {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(text, tokens);
  std::vector<std::string> words;
  for (const SpamToken& token : tokens)
    words.emplace_back(text.substr(token.begin, token.end - token.begin));
  return words;
}

std::uint32_t hash_of(std::string_view word) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(word, tokens);
  return tokens.at(0).hash;
}

TEST(SpamTokensTest, SignsStandAloneAndGrownWordsAreCut) {
  EXPECT_EQ(
      split("在kk8官网。\n\ngovBest naïve"),
      (std::vector<std::string>{"在", "kk8", "官", "网", "。", "\n\n", "gov", "Best", "naïve"}));
}

TEST(SpamTokensTest, WordsAreTheSameInAnyCaseAndSoAreNumbers) {
  EXPECT_EQ(hash_of("Casino"), hash_of("CASINO"));
  EXPECT_EQ(hash_of("12"), hash_of("2021"));
  EXPECT_NE(hash_of("casino"), hash_of("casinos"));
}

// The table is made by a script of its own: these fail when its tokens or hashes are other ones.
TEST(WordPairsTest, KnowsWhatBelongsTogether) {
  EXPECT_GT(word_pair_affinity(hash_of("United"), hash_of("States")), 3);
  EXPECT_GT(word_pair_affinity(hash_of("数"), hash_of("据")), 3);
  EXPECT_TRUE(known_word_pair(hash_of("of"), hash_of("the")));
  EXPECT_LT(word_pair_affinity(hash_of("the"), hash_of("of")), -1);
  EXPECT_NEAR(word_pair_affinity(hash_of("zzyzx"), hash_of("qwfp")), 0, 0.1);
}

}  // namespace
}  // namespace pith
