#include "pith/curate/clean/fineweb.h"

#include <gtest/gtest.h>

#include "pith/curate/clean/checked_text_test.h"

namespace pith {
namespace {

const auto kFilter = make_fineweb();

std::string all_stop(std::size_t) { return "."; }

TEST(FineWebTest, SomeLinesMustEndASentence) {
  const auto ending = [](std::size_t ends) {
    return numbered_lines(25, 8, [=](std::size_t line) { return line < ends ? "." : ""; });
  };
  EXPECT_EQ(reason_of(*kFilter, ending(3)), "");  // 0.12
  EXPECT_EQ(reason_of(*kFilter, ending(2)), "fineweb.terminal_lines");
}

TEST(FineWebTest, TwoThirdsOfTheLinesMayBeShort) {
  std::string text;
  for (int line = 0; line < 100; ++line) {
    text += "See line " + std::to_string(line) + " of it" +
            (line < 67 ? ".\n" : ", which is long enough to count as a line.\n");
  }
  EXPECT_EQ(reason_of(*kFilter, text), "");  // 0.67
  EXPECT_EQ(reason_of(*kFilter, text + "See line 100 of it.\n"), "fineweb.short_lines");
}

TEST(FineWebTest, FewLinesMayBeThereTwice) {
  const auto with_copies = [](std::size_t copies) {
    return numbered_lines(10 - copies, 8, all_stop) + numbered_lines(copies, 8, all_stop);
  };
  EXPECT_EQ(reason_of(*kFilter, with_copies(1)), "");
  EXPECT_EQ(reason_of(*kFilter, with_copies(2)), "fineweb.duplicate_line_characters");
}

TEST(FineWebTest, AListOfWordsIsNoText) {
  const auto long_words = make_fineweb({.max_short_lines = 1});
  EXPECT_EQ(reason_of(*long_words, numbered_lines(200, 4, all_stop)), "");
  EXPECT_EQ(reason_of(*long_words, numbered_lines(200, 3, all_stop)), "fineweb.newlines_per_word");
}

TEST(FineWebTest, ChineseHasItsOwnBounds) {
  const auto lines = [](std::size_t count, std::size_t length, std::size_t ends) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      out += signs(length, i * length) + (i < ends ? "。\n" : "\n");
    }
    return out;
  };
  EXPECT_EQ(reason_of(*kFilter, lines(100, 40, 11), "zh-Hans"), "");
  EXPECT_EQ(reason_of(*kFilter, lines(100, 40, 10), "zh-Hans"), "fineweb.terminal_lines");
  EXPECT_EQ(reason_of(*kFilter, lines(200, 10, 200), "zh-Hant"), "");  // lines may be short
  EXPECT_EQ(reason_of(*kFilter, lines(200, 9, 200), "zh-Hant"), "fineweb.newlines_per_word");
}

TEST(FineWebTest, CodeAndUnspacedLanguagesPass) {
  EXPECT_EQ(reason_of(*kFilter, "```\nint a;\nint b;\nint c;\n```"), "");
  EXPECT_EQ(reason_of(*kFilter, "สวัสดี\nชาวโลก", "th"), "");
}

}  // namespace
}  // namespace pith
