#include "pith/curate/clean/gopher_quality.h"

#include <gtest/gtest.h>

#include "pith/curate/clean/checked_text_test.h"

namespace pith {
namespace {

const auto kFilter = make_gopher_quality();

// `count` words of prose in one line, two of them stop words.
std::string prose(std::size_t count) { return "the of" + repeat(" word", count - 2); }

TEST(GopherQualityTest, CountsWords) {
  EXPECT_EQ(reason_of(*kFilter, prose(50)), "");
  const Checked short_text = check_text(*kFilter, prose(49));
  EXPECT_EQ(short_text.reason, "gopher_quality.min_words");
  EXPECT_EQ(short_text.value, 49);
  EXPECT_EQ(short_text.threshold, 50);
  EXPECT_EQ(reason_of(*kFilter, prose(100'000)), "");
  EXPECT_EQ(reason_of(*kFilter, prose(100'001)), "gopher_quality.max_words");
}

TEST(GopherQualityTest, MeasuresTheMeanLengthOfWords) {
  EXPECT_EQ(reason_of(*kFilter, repeat("the and ", 25)), "");  // 3
  EXPECT_EQ(reason_of(*kFilter, repeat("the and ", 25) + "to"), "gopher_quality.mean_word_length");
  const auto any_words = make_gopher_quality({.min_stop_words = 0});
  EXPECT_EQ(reason_of(*any_words, repeat("abcdefghij ", 50)), "");  // 10
  EXPECT_EQ(reason_of(*any_words, repeat("abcdefghij ", 50) + "abcdefghijk"),
            "gopher_quality.mean_word_length");
  // Syllables stand apart in Vietnamese, and Korean words are few letters long.
  EXPECT_EQ(reason_of(*kFilter, repeat("ta ", 50), "vi"), "");
  EXPECT_EQ(reason_of(*kFilter, repeat("ta ", 50) + "a", "vi"), "gopher_quality.mean_word_length");
  EXPECT_EQ(reason_of(*kFilter, repeat("우리 ", 50), "ko"), "");
}

TEST(GopherQualityTest, CountsHashesAndEllipses) {
  EXPECT_EQ(reason_of(*kFilter, prose(45) + repeat(" #word", 5)), "");  // 0.1
  EXPECT_EQ(reason_of(*kFilter, prose(44) + repeat(" #word", 6)), "gopher_quality.hash_ratio");
  EXPECT_EQ(reason_of(*kFilter, prose(44) + repeat(" word...", 5) + " end"), "");
  EXPECT_EQ(reason_of(*kFilter, prose(44) + repeat(" word…", 6) + " end"),
            "gopher_quality.ellipsis_ratio");
}

TEST(GopherQualityTest, LooksAtBothEndsOfLines) {
  const std::string line = "the ship of wood went away\n";
  EXPECT_EQ(reason_of(*kFilter, line + repeat("• " + line, 9)), "");
  EXPECT_EQ(reason_of(*kFilter, repeat("• " + line, 10)), "gopher_quality.bullet_lines");
  const std::string teaser = "the ship of wood went away...\n";
  EXPECT_EQ(reason_of(*kFilter, repeat(line, 7) + repeat(teaser, 3)), "");
  EXPECT_EQ(reason_of(*kFilter, repeat(line, 6) + repeat(teaser, 4)),
            "gopher_quality.ellipsis_lines");
  EXPECT_EQ(reason_of(*kFilter, line + "```\n" + repeat("- " + line, 20) + "```\n"), "");
}

TEST(GopherQualityTest, WantsLettersInWords) {
  EXPECT_EQ(reason_of(*kFilter, prose(40) + repeat(" 1234", 10)), "");  // 0.8
  EXPECT_EQ(reason_of(*kFilter, prose(40) + repeat(" 1234", 11)), "gopher_quality.letter_words");
  EXPECT_EQ(reason_of(*kFilter, prose(50) + repeat(" |", 13)), "gopher_quality.letter_words");
}

TEST(GopherQualityTest, WantsTwoDifferentStopWordsInEnglish) {
  EXPECT_EQ(reason_of(*kFilter, "the and" + repeat(" word", 48)), "");
  EXPECT_EQ(reason_of(*kFilter, "the the" + repeat(" word", 48)), "gopher_quality.stop_words");
  EXPECT_EQ(reason_of(*kFilter, repeat("wort ", 50), "de"), "");
}

TEST(GopherQualityTest, LeavesLanguagesWithoutSpacesToOthers) {
  EXPECT_EQ(reason_of(*kFilter, "短文", "zh-Hans"), "");
  EXPECT_EQ(reason_of(*kFilter, "สวัสดี", "th"), "");
}

}  // namespace
}  // namespace pith
