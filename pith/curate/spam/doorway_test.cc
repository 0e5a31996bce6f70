#include "pith/curate/spam/doorway.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

DoorwayFeatures features(std::string_view title, std::string_view text,
                         const std::vector<std::string_view>& inserted = {}) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(text, tokens);
  std::vector<CueHit> cues;
  find_cues(text, tokens, cues);
  return doorway_features(title, text, tokens, inserted, body_cues(tokens.size(), cues));
}

TEST(DoorwayTest, ATitleThatSellsOverAForeignBodyScoresHighAndAnHonestOneNothing) {
  const std::string body = joined(honest_english());
  const auto doorway = features("Golden Reel casino free spins sign up", body);
  EXPECT_TRUE(doorway.trade && doorway.call && doorway.foreign);
  EXPECT_GT(doorway_score(doorway), 0.5);
  const auto honest = features("Plans for the new library", body);
  EXPECT_FALSE(honest.trade || honest.foreign);
  EXPECT_EQ(doorway_score(honest), 0);
}

TEST(DoorwayTest, TheNameOfAnHonestSiteIsNoEvidence) {
  const std::string body = joined(honest_chinese());
  for (const char* title : {"市水务局研究防洪工作_新浪网", "市水务局研究防洪工作_腾讯体育",
                            "市水务局研究防洪工作 - 下载", "防洪泵站,山东华业泵业有限公司官方网站",
                            "首页", "下载", "登录", "7.3. Log In", "Download"}) {
    EXPECT_LT(doorway_score(features(title, body)), 0.3) << title;
  }
}

TEST(DoorwayTest, ABrandOfBettingBehindACopiedHeadlineNeedsMoreThanItsName) {
  const std::string body = joined(honest_chinese());
  const std::string title = "市水务局研究防洪工作_华体会";
  EXPECT_LE(doorway_score(features(title, body)), 0.5);
  // The page kit gives itself away by keywords that only a machine would name.
  const std::string made =
      "本文摘要：市水务局召开会议。\n" + body + "\n本文关键词：市,水务局,研究,的,防洪";
  EXPECT_EQ(features(title, made).made, 2);
  EXPECT_GT(doorway_score(features(title, made)), 0.5);
  // Without a title that sells the kit alone is none: many sites use it.
  EXPECT_EQ(doorway_score(features("市水务局研究防洪工作", made)), 0);
}

TEST(DoorwayTest, ANameGrownToACallASiteAndARepeatAreSeen) {
  const std::string body = joined(honest_chinese());
  EXPECT_TRUE(features("kk8官网", body).glued);
  EXPECT_TRUE(features("【皇都官网】kk8.com", body).glued);
  EXPECT_FALSE(features("防洪工作会议", body).glued);
  EXPECT_TRUE(features("皇都官网_皇都注册", body).repeats);
  EXPECT_FALSE(features("防洪工作会议_防洪工作", body).repeats);
}

TEST(DoorwayTest, ABodyThatSpeaksOfWhatTheTitleSellsSpeaksForThePage) {
  std::string body;
  for (int i = 0; i < 12; ++i) {
    body += "The state wants every casino to check the age of its guests before they play. ";
  }
  const auto honest = features("Senate passes bill on casino guests", body);
  EXPECT_TRUE(honest.spoken);
  EXPECT_LT(doorway_score(honest), 0.1);
}

TEST(DoorwayTest, AFirstLineThatStandsForATitleNeedsMore) {
  DoorwayFeatures features;
  features.call = features.glued = true;
  EXPECT_GT(doorway_score(features), 0.5);
  features.untitled = true;
  EXPECT_LT(doorway_score(features), 0.5);
}

// What honest pages of the measured sets show.
TEST(DoorwayTest, SignsThatHonestPagesShowTogetherAreNotEnough) {
  DoorwayFeatures called{.call = true, .repeats = true};
  EXPECT_LT(doorway_score(called), 0.5);
  DoorwayFeatures unknown{.call = true, .foreign = true};
  EXPECT_LT(doorway_score(unknown), 0.5);
  DoorwayFeatures edges{.trade = true, .edges = true};
  EXPECT_LT(doorway_score(edges), 0.5);
  DoorwayFeatures spoken{.trade = true, .repeats = true, .foreign = true, .spoken = true};
  EXPECT_LT(doorway_score(spoken), 0.5);
  spoken.call = true;
  EXPECT_GT(doorway_score(spoken), 0.5);
}

TEST(DoorwayTest, OnlyFragmentsWithCuesCount) {
  const std::string body = joined(honest_english());
  EXPECT_EQ(features("A casino title", body, {"best casino", "the weather"}).inserted, 0.5);
  EXPECT_EQ(doorway_score(features("", body)), 0);
}

}  // namespace
}  // namespace pith
