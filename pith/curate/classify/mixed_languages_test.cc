#include "pith/curate/classify/mixed_languages.h"

#include <string>

#include "gtest/gtest.h"

namespace pith {
namespace {

const std::string kEnglish =
    "The people who live in this town have always been friendly to strangers, and they like to "
    "talk "
    "about the weather, the harvest and the long winters of their childhood in the old country.\n";
const std::string kGerman =
    "Die Menschen in dieser Stadt waren immer freundlich zu den Fremden, und sie reden gern über "
    "das "
    "Wetter, die Ernte und die langen Winter ihrer Kindheit in der alten Heimat am Meer.\n";
const std::string kChinese =
    "这座城市的人们对陌生人总是很友好，他们喜欢谈论天气、收成和童年时代漫长的冬天，学习语言需要时间"
    "，"
    "但是大家都愿意帮助别人，所以不用担心。\n";

std::string languages(const std::string& text) {
  return format_languages(mixed_languages(text, identify_language(text)));
}

TEST(MixedLanguagesTest, OneLanguageIsNotMixed) {
  EXPECT_EQ(languages(""), "");
  EXPECT_EQ(languages(kEnglish), "");
  EXPECT_EQ(languages(kEnglish + kEnglish + kEnglish), "");
  EXPECT_EQ(languages(kChinese + kChinese), "");
}

TEST(MixedLanguagesTest, ParagraphsOfTwoLanguagesAreBothNamed) {
  EXPECT_EQ(languages(kEnglish + kGerman + kEnglish + kEnglish), "en 0.76, de 0.24");
  EXPECT_EQ(languages(kGerman + kChinese + kGerman).substr(0, 2), "de");
  EXPECT_NE(languages(kGerman + kChinese + kGerman).find("zh-Hans"), std::string::npos);
}

TEST(MixedLanguagesTest, LessThanATenthIsAQuotation) {
  std::string text = kGerman;
  for (int i = 0; i < 15; ++i) text += kEnglish;
  EXPECT_EQ(languages(text), "");
}

TEST(MixedLanguagesTest, LongTextsAreSampledEvenly) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += i < 250 ? kEnglish : kGerman;
  EXPECT_EQ(languages(text).substr(0, 3), "en ");
  EXPECT_NE(languages(text).find("de 0.4"), std::string::npos) << languages(text);
}

TEST(MixedLanguagesTest, ShortLinesAreReadTogether) {
  EXPECT_EQ(languages(kEnglish + kEnglish + kEnglish + kEnglish + "ok\nno\n"), "");
}

}  // namespace
}  // namespace pith
