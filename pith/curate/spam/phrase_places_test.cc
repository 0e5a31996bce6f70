#include "pith/curate/spam/phrase_places.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

class PhrasePlacesTest : public testing::Test {
 protected:
  const std::vector<PhrasePlace>& find(const std::string& text, std::string_view title,
                                       std::size_t least_repeats = 3) {
    text_ = text;
    tokens_.clear();
    append_spam_tokens(text_, tokens_);
    finder_.read_title(title);
    return finder_.find(text_, tokens_, least_repeats);
  }
  std::string words(const PhrasePlace& place) const {
    const std::size_t begin = tokens_[place.begin].begin;
    return text_.substr(begin, tokens_[place.end - 1].end - begin);
  }

  PhraseFinder finder_;
  std::string text_;
  std::vector<SpamToken> tokens_;
};

TEST_F(PhrasePlacesTest, TheLongestStretchOfTheTitleIsAPlace) {
  const std::string text =
      planted(joined(honest_chinese()), "苏州数控机床厂家", {"开会议", "民出行"});
  const auto& places = find(text, "新闻网_苏州数控机床厂家_价格");
  ASSERT_EQ(places.size(), 2u);
  for (const PhrasePlace& place : places) {
    EXPECT_EQ(words(place), "苏州数控机床厂家");
    EXPECT_TRUE(place.titled);
    EXPECT_TRUE(place.whole);
    EXPECT_EQ(place.group, 0u);
  }
  EXPECT_LT(places[0].end, places[1].begin);
}

TEST_F(PhrasePlacesTest, APartOfAPartOfTheTitleIsNotWhole) {
  const std::string text = planted(joined(honest_chinese()), "数控机床", {"开会议"});
  const auto& places = find(text, "苏州数控机床厂家_新闻网");
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(words(places[0]), "数控机床");
  EXPECT_TRUE(places[0].titled);
  EXPECT_FALSE(places[0].whole);
}

TEST_F(PhrasePlacesTest, WithoutATitleAPhraseMustStandOftenEnough) {
  const std::string phrase = "emergency plumber nearby ";
  const auto planted_times = [&](std::vector<std::string> places) {
    return planted(joined(honest_english()), phrase, places);
  };
  const std::vector<std::string> twice = {"discuss", "system"},
                                 thrice = {"discuss", "about the cost", "system"};
  EXPECT_TRUE(find(planted_times(twice), "").empty());
  EXPECT_GE(find(planted_times(twice), "", 2).size(), 2u);
  const auto& places = find(planted_times(thrice), "");
  ASSERT_EQ(places.size(), 3u);
  for (const PhrasePlace& place : places) {
    EXPECT_EQ(words(place), "emergency plumber nearby");
    EXPECT_FALSE(place.titled);
    EXPECT_EQ(place.group, places[0].group);
    EXPECT_NE(place.group, 0u);
  }
}

TEST_F(PhrasePlacesTest, FunctionWordsAtTheEndsAreNoPartOfARepeatedPhrase) {
  const std::string text =
      planted(joined(honest_english()), "of the golden orchard lantern of the ",
              {"discuss", "about the cost", "system"});
  const auto& places = find(text, "");
  ASSERT_EQ(places.size(), 3u);
  for (const PhrasePlace& place : places) EXPECT_EQ(words(place), "golden orchard lantern");
}

TEST_F(PhrasePlacesTest, OnlyRunningTextIsSearched) {
  const std::string line =
      "open the golden orchard lantern, and then read the next value, again.\n";
  std::string code = "```\n", table, prose;
  for (int i = 0; i < 4; ++i) code += line, table += "| " + line, prose += line;
  EXPECT_TRUE(find(code + "```\n", "golden orchard lantern").empty());
  EXPECT_TRUE(find(table, "golden orchard lantern").empty());
  EXPECT_EQ(find(prose, "golden orchard lantern").size() % 4, 0u);
  EXPECT_FALSE(find(prose, "golden orchard lantern").empty());
}

TEST_F(PhrasePlacesTest, ATitleIsForgottenWithTheNext) {
  const std::string text = planted(joined(honest_chinese()), "数控机床厂家", {"开会议"});
  EXPECT_EQ(find(text, "数控机床厂家").size(), 1u);
  const auto& places = find(text, "市水务局");
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(words(places[0]), "市水务局");
  EXPECT_TRUE(find(text, "").empty());
}

}  // namespace
}  // namespace pith
