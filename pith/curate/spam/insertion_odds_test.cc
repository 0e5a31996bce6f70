#include "pith/curate/spam/insertion_odds.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

class InsertionOddsTest : public testing::Test {
 protected:
  // What is made of the `n`-th place of `phrase` in the text, as one that the title holds.
  InsertionOdds odds(const std::string& text, std::string_view phrase, int n = 0) {
    text_ = text;
    tokens_.clear();
    append_spam_tokens(text_, tokens_);
    model_.read(tokens_);
    std::size_t at = text_.find(phrase);
    for (; n > 0; --n) at = text_.find(phrase, at + 1);
    EXPECT_NE(at, std::string::npos) << phrase;
    PhrasePlace place{.titled = true, .whole = true};
    while (tokens_[place.begin].begin < at) ++place.begin;
    place.end = place.begin;
    while (place.end < tokens_.size() && tokens_[place.end].begin < at + phrase.size()) ++place.end;
    return model_.judge(place);
  }
  std::string cut(const InsertionOdds& odds) const {
    const std::size_t begin = tokens_[odds.cut_begin].begin;
    return text_.substr(begin, tokens_[odds.cut_end - 1].end - begin);
  }

  InsertionModel model_;
  std::string text_;
  std::vector<SpamToken> tokens_;
};

TEST_F(InsertionOddsTest, WhatBreaksASentenceIsLikelierPutThereThanWhatIsSaid) {
  const std::string chinese = planted(joined(honest_chinese()), "数控机床厂家", {"究今年"});
  EXPECT_GT(odds(chinese, "数控机床厂家").odds, 0);
  EXPECT_LT(odds(joined(honest_chinese()) + "我们认识这家数控机床厂家。", "数控机床厂家").odds,
            odds(chinese, "数控机床厂家").odds);
  const std::string english =
      planted(joined(honest_english()), "emergency plumber near me ", {"of the public"});
  EXPECT_GT(odds(english, "emergency plumber near me").odds, 0);
  EXPECT_LT(odds(joined(honest_english()) + "We called an emergency plumber near me. And so on.",
                 "emergency plumber near me")
                .odds,
            odds(english, "emergency plumber near me").odds);
}

TEST_F(InsertionOddsTest, OddsAreBounded) {
  const std::string text = joined(honest_chinese());
  for (const char* phrase : {"防洪工作", "水库", "排水管道", "空气比以前新鲜"}) {
    EXPECT_LE(odds(text, phrase).odds, 4);
    EXPECT_GE(odds(text, phrase).odds, -4);
  }
}

TEST_F(InsertionOddsTest, AtTheEndsOfTheTextAndInFormulasNothingIsJudged) {
  const std::string text = joined(honest_english());
  EXPECT_FALSE(odds(text, "The city council").judged);
  EXPECT_FALSE(odds(text + "the council in May", "council in May").judged);
  EXPECT_FALSE(odds(text + "Set $a+b=c$ so that all is well. More.", "a+b=c").judged);
  EXPECT_TRUE(odds(text, "library").judged);
  EXPECT_EQ(odds(text, "The city council").odds, -4);
}

TEST_F(InsertionOddsTest, BracketsGoWithTheirPhrase) {
  const std::string text =
      planted(joined(honest_chinese()), "【苏州数控机床厂家】", {"究今年", "换了老旧"});
  const InsertionOdds found = odds(text, "苏州数控机床厂家", 1);
  ASSERT_TRUE(found.judged);
  EXPECT_EQ(cut(found), "【苏州数控机床厂家】");
  const std::string open = planted(joined(honest_chinese()), "苏州数控机床厂家", {"究今年"});
  EXPECT_EQ(cut(odds(open, "苏州数控机床厂家")), "苏州数控机床厂家");
}

TEST_F(InsertionOddsTest, AQuotationSpeaksForWhatIsSaid) {
  const std::string text = joined(honest_english());
  const std::string bare = text + "He called it - a walk in the orchard - and went on. More.";
  const std::string quoted = text + "He called it \"a walk in the orchard\" and went on. More.";
  EXPECT_LT(odds(quoted, "a walk in the orchard").odds, odds(bare, "a walk in the orchard").odds);
}

}  // namespace
}  // namespace pith
