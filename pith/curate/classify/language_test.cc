#include "pith/curate/classify/language.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace pith {
namespace {

TEST(LanguageTest, TellsCommonLanguagesApart) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"en", "The people who live in this town have always been friendly to strangers."},
      {"de", "Die Menschen in dieser Stadt waren immer freundlich zu den Fremden."},
      {"fr", "Les habitants de cette ville ont toujours été aimables avec les étrangers."},
      {"es", "Los habitantes de esta ciudad siempre han sido amables con los extranjeros."},
      {"ru", "Жители этого города всегда были приветливы к чужим людям."},
      {"uk", "Мешканці цього міста завжди були привітні до чужих людей."},
      {"ja", "この町の人々はいつも旅人に親切でした。"},
      {"ko", "이 마을 사람들은 언제나 낯선 이에게 친절했다."},
      {"el", "Οι κάτοικοι αυτής της πόλης ήταν πάντα φιλικοί."},
      {"zh-Hans", "这座城市的人们对陌生人总是很友好，学习语言需要时间。"},
      {"zh-Hant", "這座城市的人們對陌生人總是很友好，學習語言需要時間。"},
  };
  for (const auto& [code, text] : cases) {
    const Language found = identify_language(text);
    EXPECT_EQ(found.code, code) << text;
    EXPECT_GT(found.score, 0.5f) << text;
    EXPECT_LE(found.score, 1.0f);
  }
}

TEST(LanguageTest, ChineseWithMuchCodeIsChinese) {
  EXPECT_EQ(
      identify_language("使用 std::vector<int> values 可以保存这些数据，然后调用 size()。").code,
      "zh-Hans");
}

TEST(LanguageTest, NothingToReadIsUndetermined) {
  for (const std::string_view text : {"", " \n", "12345 67", "!!!", "\xFF\xFE\x80"}) {
    EXPECT_EQ(identify_language(text).code, "und");
    EXPECT_EQ(identify_language(text).score, 0);
  }
}

TEST(LanguageTest, LongAndCutTextsAreReadWithoutHarm) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "学";
  EXPECT_TRUE(identify_language(text).code.starts_with("zh"));
  for (std::size_t n = 0; n < 7; ++n) {
    EXPECT_TRUE(identify_language(std::string_view(text).substr(n, 60000)).code.starts_with("zh"));
  }
}

TEST(LanguageTest, KnowsTheLanguagesItNames) {
  EXPECT_THAT(known_languages(), ::testing::IsSupersetOf({"en", "zh-Hans", "zh-Hant", "de", "vi"}));
  EXPECT_GE(known_languages().size(), 25u);
}

}  // namespace
}  // namespace pith
