#include "pith/curate/clean/chinese_quality.h"

#include <gtest/gtest.h>

#include "pith/curate/clean/checked_text_test.h"

namespace pith {
namespace {

const auto kFilter = make_chinese_quality();

// `count` signs, no two alike, two of them stop words.
std::string prose(std::size_t count) { return "的在" + signs(count - 2); }

std::string zh(const std::string& text) { return reason_of(*kFilter, text, "zh-Hans"); }

TEST(ChineseQualityTest, CountsCharacters) {
  EXPECT_EQ(zh(prose(50)), "");
  EXPECT_EQ(zh(prose(50) + " \n "), "");
  EXPECT_EQ(zh(prose(49) + " \n "), "chinese_quality.min_characters");  // spaces do not count
  const auto small = make_chinese_quality({.max_characters = 60});
  EXPECT_EQ(reason_of(*small, prose(60), "zh-Hant"), "");
  EXPECT_EQ(reason_of(*small, prose(61), "zh-Hant"), "chinese_quality.max_characters");
}

TEST(ChineseQualityTest, MeasuresDigitsHashesAndEllipses) {
  EXPECT_EQ(zh(prose(35) + std::string(15, '7')), "");  // 0.3
  EXPECT_EQ(zh(prose(34) + std::string(16, '7')), "chinese_quality.digits");
  EXPECT_EQ(zh(prose(99) + repeat("#" + signs(1), 5)), "");  // 5 of 63 words
  EXPECT_EQ(zh(prose(99) + repeat("#" + signs(1), 8)), "chinese_quality.hash_ratio");
  EXPECT_EQ(zh(prose(99) + repeat("…" + signs(1), 5)), "");
  EXPECT_EQ(zh(prose(99) + repeat("…" + signs(1), 8)), "chinese_quality.ellipsis_ratio");
}

TEST(ChineseQualityTest, WantsLettersInWords) {
  EXPECT_EQ(zh(prose(99) + repeat(" 12", 20)), "");  // 60 of 80 words
  EXPECT_EQ(zh(prose(99) + repeat(" 12", 22)), "chinese_quality.letter_words");
  EXPECT_EQ(zh(prose(99) + repeat(" |", 22)), "chinese_quality.letter_words");
}

TEST(ChineseQualityTest, LooksAtBothEndsOfLines) {
  const auto lines = [](std::size_t count, std::size_t first, const char* begin, const char* end) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      out += begin + std::string("的在") + signs(10, first + 10 * i) + end + "\n";
    }
    return out;
  };
  EXPECT_EQ(zh(lines(1, 0, "", "") + lines(9, 100, "●", "")), "");
  EXPECT_EQ(zh(lines(10, 0, "●", "")), "chinese_quality.bullet_lines");
  EXPECT_EQ(zh(lines(7, 0, "", "") + lines(3, 100, "", "更多")), "");
  EXPECT_EQ(zh(lines(6, 0, "", "") + lines(4, 100, "", "展开")), "chinese_quality.ellipsis_lines");
}

TEST(ChineseQualityTest, WantsDifferentSigns) {
  EXPECT_EQ(zh(repeat(prose(10), 10)), "");
  EXPECT_EQ(zh(repeat(prose(9), 12)), "chinese_quality.distinct");
  EXPECT_EQ(zh(repeat(prose(150), 200)), "");  // a book is no longer than its first 1,000 signs
  EXPECT_EQ(zh(repeat(prose(8), 8)), "");      // 3 bits
  EXPECT_EQ(zh(repeat(prose(7), 9)), "chinese_quality.entropy");
}

TEST(ChineseQualityTest, WantsTwoDifferentStopWordsInChinese) {
  EXPECT_EQ(zh("的的" + signs(50)), "chinese_quality.stop_words");
  EXPECT_EQ(zh(signs(50)), "chinese_quality.stop_words");
  EXPECT_EQ(reason_of(*kFilter, signs(50), "ja"), "");
}

TEST(ChineseQualityTest, LeavesOtherLanguagesAlone) {
  EXPECT_EQ(reason_of(*kFilter, "short", "en"), "");
  EXPECT_EQ(reason_of(*kFilter, "짧은 글", "ko"), "");
}

}  // namespace
}  // namespace pith
