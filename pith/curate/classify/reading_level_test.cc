#include "pith/curate/classify/reading_level.h"

#include <string>

#include "gtest/gtest.h"

namespace pith {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(ReadingLevelTest, CountsSyllables) {
  const std::pair<std::string_view, int> cases[] = {{"cat", 1},    {"table", 2},  {"name", 1},
                                                    {"walked", 1}, {"wanted", 2}, {"Reading", 2},
                                                    {"the", 1},    {"banana", 3}, {"", 1}};
  for (const auto& [word, syllables] : cases) EXPECT_EQ(count_syllables(word), syllables) << word;
}

TEST(ReadingLevelTest, FollowsFleschAndKincaid) {
  // Six words a sentence, one syllable a word.
  EXPECT_NEAR(reading_level(repeat("The cat sat on the mat. ", 20), "en").level, 0.1, 1e-9);
  // 0.39 * 12 + 11.8 * 2 - 15.59
  EXPECT_NEAR(reading_level(repeat("Many seven ugly paper tiger people window garden never open "
                                   "water under. ",
                                   5),
                            "en")
                  .level,
              0.39 * 12 + 11.8 * 2 - 15.59, 0.01);
}

TEST(ReadingLevelTest, MenusAndNumbersDoNotCount) {
  const std::string prose = repeat("Many seven ugly paper tiger people. ", 10);
  const double level = reading_level(prose, "en").level;
  EXPECT_GT(level, 0);
  EXPECT_EQ(reading_level("Home\nImprint\n" + prose + "\nUnsubscribe immediately", "en").level,
            level);
  EXPECT_EQ(reading_level("Home\nImprint\nAbout", "en").level, 0);
}

TEST(ReadingLevelTest, LongSentencesAndRareSignsAreHardChinese) {
  const std::string easy = repeat("我们一起去公园看花。", 10);
  const std::string longer = repeat("我们一起去公园看花，然后回家吃饭，晚上大家坐在一起说话。", 10);
  const std::string rare = repeat("饕餮魑魅魍魉去看花。", 10);
  EXPECT_GT(reading_level(easy, "zh-Hans").level, 0);
  EXPECT_GT(reading_level(longer, "zh-Hans").level, reading_level(easy, "zh-Hans").level);
  EXPECT_GT(reading_level(rare, "zh-Hans").level, reading_level(easy, "zh-Hans").level + 5);
  // Common traditional signs are not rare.
  EXPECT_EQ(reading_level(repeat("我們一起去公園看花。", 10), "zh-Hant").level,
            reading_level(easy, "zh-Hans").level);
}

TEST(ReadingLevelTest, FewSentencesAmongOtherThingsAreLittleToGoBy) {
  const std::string sentence = "Many seven ugly paper tiger people walk slowly. ";
  EXPECT_DOUBLE_EQ(reading_level(repeat(sentence, 8), "en").score, 0.5);
  EXPECT_GT(reading_level(repeat(sentence, 80), "en").score, 0.9);
  // Half of the words are in a list.
  EXPECT_DOUBLE_EQ(
      reading_level(repeat(sentence, 8) + "\n" + repeat("home imprint\n", 32), "en").score, 0.25);
  EXPECT_EQ(reading_level("Home\nImprint\nAbout", "en").score, 0);
}

TEST(ReadingLevelTest, OtherLanguagesHaveNone) {
  EXPECT_EQ(reading_level(repeat("Die Katze sitzt auf der Matte. ", 20), "de").level, 0);
}

}  // namespace
}  // namespace pith
