#include "pith/text/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/text/awkward_text.h"

namespace pith {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(WordsTest, RunsOfLettersAndNumbersAreWords) {
  EXPECT_THAT(split_words("The naïve B2B, 2024 e\u0301lan -- ok."),
              ElementsAre("The", "naïve", "B2B", "2024", "e\u0301lan", "ok"));
  EXPECT_THAT(split_words(""), IsEmpty());
  EXPECT_THAT(split_words(" ...!😀 \n"), IsEmpty());
}

TEST(WordsTest, ApostrophesStayBetweenLettersOnly) {
  EXPECT_THAT(split_words("don't 'quoted' dogs' l’eau rock'n'roll 90's '"),
              ElementsAre("don't", "quoted", "dogs", "l’eau", "rock'n'roll", "90", "s"));
}

TEST(WordsTest, IdeographsAreWordsOfTheirOwn) {
  EXPECT_THAT(split_words("机器学习2024 かな한국어x中"),
              ElementsAre("机", "器", "学", "习", "2024", "か", "な", "한국어x", "中"));
  EXPECT_THAT(split_words("it'中"), ElementsAre("it", "中"));
}

TEST(WordsTest, IllFormedBytesEndAWord) {
  EXPECT_THAT(split_words("ab\xFF"
                          "cd\xE4\xB8"),
              ElementsAre("ab", "cd"));
}

TEST(WordsTest, CountAndListAgree) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string text = i % 2 ? awkward_text(random, 50) : broken_text(random, 50);
    const auto words = split_words(text);
    EXPECT_EQ(count_words(text), words.size());
    const char* end = text.data();
    for (const std::string_view word : words) {
      EXPECT_FALSE(word.empty());
      EXPECT_GE(word.data(), end);  // views into the text, in order
      end = word.data() + word.size();
    }
    EXPECT_LE(end, text.data() + text.size());
  }
}

TEST(SentencesTest, EndAtMarksWithSpaceBehind) {
  EXPECT_THAT(split_sentences("One. Two!  Three?\nFour"),
              ElementsAre("One.", "Two!", "Three?", "Four"));
  EXPECT_THAT(split_sentences("He said \"No.\" Then (yes!) 3.14 went?! Ok"),
              ElementsAre("He said \"No.\"", "Then (yes!)", "3.14 went?!", "Ok"));
}

TEST(SentencesTest, InitialsAndAbbreviationsBeforeLowerCaseGoOn) {
  EXPECT_THAT(split_sentences("J. Smith came. See e.g. this one."),
              ElementsAre("J. Smith came.", "See e.g. this one."));
}

TEST(SentencesTest, ChineseNeedsNoSpaces) {
  EXPECT_THAT(split_sentences("你好。他说：“走！”再见？！好……吧"),
              ElementsAre("你好。", "他说：“走！”", "再见？！", "好……", "吧"));
}

TEST(SentencesTest, AnEmptyLineEndsAndASingleBreakDoesNot) {
  EXPECT_THAT(split_sentences("A title\n \nThe text\ngoes on"),
              ElementsAre("A title", "The text\ngoes on"));
  EXPECT_THAT(split_sentences(" \n\n\n "), IsEmpty());
  EXPECT_THAT(split_sentences(""), IsEmpty());
}

TEST(SentencesTest, TimeIsLinearInBlankLinesAndMarks) {
  for (const char* run : {"\n ", "\n", ". ", ".", "。", "a.\n"}) {
    std::string text;
    while (text.size() < 1'000'000) text += run;
    std::size_t bytes = 0;
    for_each_sentence(text, [&](std::string_view sentence) { bytes += sentence.size(); });
    EXPECT_LE(bytes, text.size());
  }
}

TEST(LinesTest, HaveNoLineEnds) {
  EXPECT_THAT(split_lines("a\r\nb\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split_lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(split_lines(""), IsEmpty());
}

TEST(TrimTest, TakesUnicodeWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim_whitespace(" \u3000\n中 文\u00A0\t"), "中 文");
  EXPECT_EQ(trim_whitespace(" \u2003 "), "");
  EXPECT_EQ(trim_whitespace("\xFF \xE3\x80"), "\xFF \xE3\x80");
}

}  // namespace
}  // namespace pith
