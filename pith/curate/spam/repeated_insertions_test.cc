#include "pith/curate/spam/repeated_insertions.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

std::string repaired(const std::string& text, std::string_view title) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(text, tokens);
  InsertionFinder finder;
  std::string left;
  std::size_t at = 0;
  for (const Cut& cut : finder.find(text, tokens, title).cuts) {
    left += text.substr(at, cut.begin - at);
    at = cut.end;
  }
  return left + text.substr(at);
}

const std::vector<std::string> kChinesePlaces = {"开会议", "究今年", "门提前",   "现问题",
                                                 "年夏天", "民出行", "换了老旧", "责人介",
                                                 "近的学", "计六月", "护湿地"};
const std::vector<std::string> kEnglishPlaces = {"council met",    "discuss",  "of the public",
                                                 "about the cost", "favor of", "built more",
                                                 "system",         "walls are"};

TEST(RepeatedInsertionsTest, FragmentsOfATitleAreCutOutOfChineseSentences) {
  const std::string text = joined(honest_chinese());
  const std::string phrase = "苏州数控机床厂家";
  EXPECT_EQ(repaired(planted(text, phrase, kChinesePlaces), "苏州数控机床厂家_新闻网"), text);
}

TEST(RepeatedInsertionsTest, APhraseNeedsNoTitle) {
  const std::string text = joined(honest_chinese());
  EXPECT_EQ(repaired(planted(text, "苏州数控机床厂家", kChinesePlaces), ""), text);
}

TEST(RepeatedInsertionsTest, BracketsGoWithTheirPhrase) {
  const std::string text = joined(honest_chinese());
  EXPECT_EQ(repaired(planted(text, "【苏州数控机床厂家】", kChinesePlaces), ""), text);
}

TEST(RepeatedInsertionsTest, WhatBeginsOrEndsTheTextIsCutToo) {
  const std::string text = joined(honest_chinese()), phrase = "【苏州数控机床厂家】";
  const std::string planted_text = planted(text, phrase, kChinesePlaces);
  EXPECT_EQ(repaired(phrase + planted_text, ""), text);
  EXPECT_EQ(repaired(phrase + " " + planted_text + " " + phrase, ""), " " + text + " ");
}

TEST(RepeatedInsertionsTest, FragmentsAreCutOutOfEnglishSentencesWithTheirSpace) {
  const std::string text = joined(honest_english());
  EXPECT_EQ(repaired(planted(text, "emergency plumber near me ", kEnglishPlaces),
                     "emergency plumber near me"),
            text);
}

TEST(RepeatedInsertionsTest, DifferentStretchesOfOneTitleAreOnePhrase) {
  const std::string text = joined(honest_chinese());
  std::string damaged = planted(text, "苏州数控机床厂家哪家好", {"开会议", "民出行", "近的学"});
  damaged = planted(damaged, "数控机床厂家", {"究今年", "换了老旧", "计六月"});
  EXPECT_EQ(repaired(damaged, "苏州数控机床厂家哪家好_新闻网"), text);
}

TEST(RepeatedInsertionsTest, ATitleSaidAsAClauseAgainAndAgainLosesAMarkToo) {
  const std::string text = joined(honest_chinese());
  const std::string damaged =
      planted(text, "什么水泵效果好，", {"会议要求", "去年夏天", "附近的学校", "专家认为"});
  EXPECT_EQ(repaired(damaged, "什么水泵效果好_水泵网"), text);
}

TEST(RepeatedInsertionsTest, AQuotedPhraseStays) {
  std::string text;
  for (const std::string& sentence : honest_english()) {
    text += sentence + "He called it a \"walk in the orchard\" and went on. ";
  }
  EXPECT_EQ(repaired(text, "A walk in the orchard"), text);
}

TEST(RepeatedInsertionsTest, FormulasAndAddressesStay) {
  std::string text;
  for (const std::string& sentence : honest_chinese())
    text += sentence + "设 $a+b=c$ 为已知的量，参见 x.org/a/b/c 一页。";
  EXPECT_EQ(repaired(text, ""), text);
}

TEST(RepeatedInsertionsTest, PhrasesOfEverydayStayHoweverOftenTheyAreSaid) {
  std::string text;
  for (const std::string& sentence : honest_english()) {
    text +=
        sentence.substr(0, sentence.size() - 2) + " once more and more or less at the same time. ";
  }
  EXPECT_EQ(repaired(text, "The new library"), text);
}

TEST(RepeatedInsertionsTest, ASubjectNamedInEverySentenceStays) {
  std::string chinese, english;
  const char* const verbs[] = {"生活在四川、陕西和甘肃的山区。",
                               "主要吃竹子，也吃水果。",
                               "每天睡十个小时以上。",
                               "的皮毛是黑色和白色的。",
                               "受到法律的保护。",
                               "的数量近年来有所增加。",
                               "在春天寻找伴侣。",
                               "一般独自生活。"};
  for (const char* verb : verbs) chinese += std::string("野生大熊猫") + verb;
  EXPECT_EQ(repaired(chinese, "野生大熊猫"), chinese);
  const char* const said[] = {"lives in the mountains of China. ",
                              "eats bamboo and fruit. ",
                              "sleeps for ten hours a day. ",
                              "is protected by law. ",
                              "has thick fur. ",
                              "is a symbol of peace. "};
  for (const char* verb : said) english += std::string("The wild giant panda ") + verb;
  EXPECT_EQ(repaired(english, "The wild giant panda"), english);
}

TEST(RepeatedInsertionsTest, RepeatedLinesOfCodeStay) {
  std::string text = joined(honest_english()) + "\n```\n";
  for (int i = 0; i < 20; ++i)
    text += "auto value" + std::to_string(i) + " = read_next_value(file);\n";
  text += "```\n";
  EXPECT_EQ(repaired(text, ""), text);
}

}  // namespace
}  // namespace pith
