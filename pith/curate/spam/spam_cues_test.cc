#include "pith/curate/spam/spam_cues.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace pith {
namespace {

std::vector<CueHit> cues(std::string_view text) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(text, tokens);
  std::vector<CueHit> hits;
  find_cues(text, tokens, hits);
  return hits;
}

TEST(SpamCuesTest, EachKindIsFoundWhereItStands) {
  const auto hits = cues("Golden casino sign up");
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].cue, SpamCue::kTrade);
  EXPECT_EQ(hits[0].token, 1u);
  EXPECT_EQ(hits[1].cue, SpamCue::kCall);
  EXPECT_EQ(hits[1].tokens, 2u);
  const auto chinese = cues("棋牌加微信");
  ASSERT_EQ(chinese.size(), 2u);
  EXPECT_EQ(chinese[0].cue, SpamCue::kTrade);
  EXPECT_EQ(chinese[1].cue, SpamCue::kContact);
}

// So that a text without line breaks is not looked through again for each of its sites.
TEST(SpamCuesTest, AnAddressFarAheadInTheLineHidesNoSite) {
  EXPECT_TRUE(cues("http://example.org/a-path-to.com").size() < 2);
  EXPECT_EQ(cues("// " + std::string(100, '-') + " kk8.com").size(), 0u);
  EXPECT_EQ(cues("// " + std::string(5000, '-') + " kk8.com").size(), 1u);
}

TEST(SpamCuesTest, LatinCuesAreWholeWords) {
  EXPECT_TRUE(cues("He is a slothful better man").empty());
  EXPECT_TRUE(cues("").empty());
}

}  // namespace
}  // namespace pith
