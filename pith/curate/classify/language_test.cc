#include "pith/curate/classify/language.h"

#include <algorithm>
#include <string>

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
      {"sr", "Људи у овом граду су увек били љубазни према странцима."},
      {"fa",
       "مردم این شهر همیشه با غریبه‌ها مهربان بوده‌اند."},
      {"ckb", "خەڵکی ئەم شارە هەمیشە لەگەڵ بێگانەکان میهرەبان بوون."},
      {"yi", "די מענטשן אין דער שטאָט זענען שטענדיק געווען פֿרײַנדלעך."},
      {"he", "תושבי העיר הזאת תמיד היו אדיבים כלפי זרים."},
      {"tt", "Бу шәһәрдә яшәүче кешеләр чит кешеләргә һәрвакыт яхшы мөгамәлә күрсәтте."},
      {"mt", "Il-bnedmin kollha li joqogħdu f'din il-belt kienu dejjem ġentili mal-barranin."},
      {"yo", "Gbogbo àwọn ènìyàn ìlú yìí máa ń ṣe dáadáa sí àwọn àlejò."},
      {"or", "ଏହି ସହରର ଲୋକମାନେ ସର୍ବଦା ବନ୍ଧୁତ୍ୱପୂର୍ଣ୍ଣ।"},
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
  EXPECT_GE(known_languages().size(), 150u);
  EXPECT_TRUE(std::ranges::is_sorted(known_languages()));
  EXPECT_EQ(std::ranges::adjacent_find(known_languages()), known_languages().end());
  EXPECT_EQ(std::ranges::count(known_languages(), "zxx"), 0);
}

TEST(LanguageTest, FollowsTheReferenceAtEveryLength) {
  const std::string text =
      "Die Menschen in dieser Stadt waren immer freundlich zu den Fremden. Les habitants de cette "
      "ville ont toujours été aimables avec les étrangers. Zwölf Boxkämpfer jagen Viktor.";
  std::string repeated;  // 31 n-grams fill the bytes that are summed
  for (int i = 0; i < 40; ++i) repeated += "a";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const Language fast = identify_language(text.substr(0, n));
    const Language slow = identify_language_ref(text.substr(0, n));
    EXPECT_EQ(fast.code, slow.code) << n;
    EXPECT_NEAR(fast.score, slow.score, 1e-4) << n;
  }
  for (const std::string& other : {repeated, text + text + text, std::string(50000, 'e')}) {
    EXPECT_EQ(identify_language(other).code, identify_language_ref(other).code);
    EXPECT_NEAR(identify_language(other).score, identify_language_ref(other).score, 1e-4);
  }
}

TEST(LanguageTest, TitlesTellTheChineseScriptsApart) {
  EXPECT_EQ(identify_language("机器学习").code, "zh-Hans");
  EXPECT_EQ(identify_language("機器學習").code, "zh-Hant");
  EXPECT_EQ(identify_language("Windows 系統安裝說明").code, "zh-Hant");
  EXPECT_EQ(identify_language("Windows 系统安装说明").code, "zh-Hans");
}

TEST(LanguageTest, ProgramTextKeysAndPartNumbersAreNoLanguage) {
  for (const std::string_view text :
       {"for (int i = 0; i < n; ++i) sum += values[i] * weights[i];",
        "def __init__(self, args, **kwargs): super().__init__(*args, **kwargs)",
        "#include <vector>\nstd::vector<std::uint8_t> rows(kBuckets * kRowBytes);",
        "XK 2041 BRT 993 QV 11 LLM 7304", "a94f0cc2d1be77fe03b91c5ad2246e8f"}) {
    EXPECT_EQ(identify_language(text).code, "und") << text;
  }
}

TEST(LanguageTest, FewLettersAreNeverSure) {
  for (const std::string_view text :
       {"Introduction", "Nikon D850", "laissez-faire", "ok", "Homo"}) {
    EXPECT_LT(identify_language(text).score, 0.65f) << text;
  }
}

}  // namespace
}  // namespace pith
