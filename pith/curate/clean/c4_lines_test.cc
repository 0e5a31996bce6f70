#include "pith/curate/clean/c4_lines.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace pith {
namespace {

TEST(C4LinesTest, NoticesGoAndTheRestStays) {
  std::string storage;
  const auto result = clean_c4_lines(
      "Title\nPlease enable JavaScript in your browser.\nThis text explains JavaScript.\n"
      "Read our privacy policy.\n请启用 JavaScript 后继续\n隐私政策 | 联系我们\n",
      C4LineOptions{}, storage);
  EXPECT_EQ(result.text, "Title\nThis text explains JavaScript.");
  EXPECT_EQ(result.dropped_lines, 4u);
  EXPECT_TRUE(result.verdict.keep);
}

TEST(C4LinesTest, CleanTextIsReturnedUntouched) {
  std::string storage;
  const std::string_view text = "  Two lines,\n\nnothing to drop { }\n";
  EXPECT_EQ(clean_c4_lines(text, C4LineOptions{}, storage).text.data(), text.data());
  EXPECT_EQ(clean_c4_lines("", C4LineOptions{}, storage).text, "");
}

TEST(C4LinesTest, CodeIsLeftAlone) {
  std::string storage;
  const std::string_view text = "```\n// enable javascript support\n```\n";
  EXPECT_EQ(clean_c4_lines(text, C4LineOptions{}, storage).dropped_lines, 0u);
}

TEST(C4LinesTest, SwitchedOffTheyDropNothing) {
  std::string storage;
  C4LineOptions options = C4LineOptions::original();
  options.enabled = false;
  const std::string_view text = "lorem ipsum {\nPlease enable JavaScript in your browser.\n";
  const auto result = clean_c4_lines(text, options, storage);
  EXPECT_EQ(result.text.data(), text.data());
  EXPECT_TRUE(result.verdict.keep);
}

TEST(C4LinesTest, TheOriginalRulesDropLinesWithoutPunctuationAndPagesWithBraces) {
  std::string storage;
  const auto original = C4LineOptions::original();
  EXPECT_EQ(clean_c4_lines("a { b", original, storage).verdict.reason, "c4_lines.curly_bracket");
  const auto result = clean_c4_lines(
      "A heading here\nOne is here. Two is here. Three is here.\nIt ends so...\n"
      "Four is here. Five is here.",
      original, storage);
  EXPECT_EQ(result.text, "One is here. Two is here. Three is here.\nFour is here. Five is here.");
  EXPECT_TRUE(result.verdict.keep);
  EXPECT_EQ(clean_c4_lines("One two three.", original, storage).verdict.reason,
            "c4_lines.min_sentences");
}

}  // namespace
}  // namespace pith
