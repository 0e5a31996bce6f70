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
  return doorway_features(title, tokens, inserted);
}

TEST(DoorwayTest, ATitleThatSellsOverAForeignBodyScoresHighAndAnHonestOneLow) {
  const std::string body = joined(honest_english());
  const auto doorway = features("Golden Reel casino free spins", body);
  EXPECT_GT(doorway.title_trade, 0.3);
  EXPECT_EQ(doorway.name_unlike, 1);
  EXPECT_GT(doorway_score(doorway), 0.5);
  const auto honest = features("Plans for the new library", body);
  EXPECT_EQ(honest.title_trade, 0);
  EXPECT_LT(honest.name_unlike, 0.7);
  EXPECT_LT(doorway_score(honest), 0.1);
}

TEST(DoorwayTest, ANameGrownToACallAndARepeatAreSeen) {
  const std::string body = joined(honest_chinese());
  EXPECT_EQ(features("kk8官网", body).title_glued, 1);
  EXPECT_EQ(features("防洪工作会议", body).title_glued, 0);
  EXPECT_GT(features("金沙娱乐-金沙娱乐", body).title_repeats, 0.3);
}

TEST(DoorwayTest, OnlyFragmentsWithCuesCount) {
  const std::string body = joined(honest_english());
  EXPECT_EQ(features("A title", body, {"best casino", "the weather"}).inserted_trade, 0.5);
  EXPECT_EQ(features("", body).inserted_trade, 0);
}

}  // namespace
}  // namespace pith
