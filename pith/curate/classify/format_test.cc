#include "pith/curate/classify/format.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace pith {
namespace {

std::string_view format_of(std::string_view text) {
  return format_name(identify_format(text, {}).format);
}

TEST(FormatTest, CodeAndTablesAreKnownByTheirLines) {
  EXPECT_EQ(
      format_of("#include <cstdio>\nint main() {\n  int sum = 0;\n  for (int i = 0; i < 9; ++i) {\n"
                "    sum += i;\n  }\n  std::printf(\"%d\", sum);\n}\n"),
      "code");
  EXPECT_EQ(
      format_of("name,year,sum\na,2001,5\nb,2002,7\nc,2003,9\nd,2004,1\ne,2005,3\nf,2006,2\n"),
      "table");
  const FormatGuess guess = identify_format("a | 1\nb | 2\nc | 3\nd | 4\ne | 5\n", {});
  EXPECT_EQ(guess.format, Format::kTable);
  EXPECT_FLOAT_EQ(guess.score, 1);
}

TEST(FormatTest, AdviceInParagraphsIsAnArticle) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text +=
        "Choosing the right approach has always been a key part of the process, especially for a "
        "small business on a budget. These guides should help you consider each of the points, "
        "which means that some of them might be better known than others around here.\n";
  }
  const FormatGuess guess = identify_format(text, {});
  EXPECT_EQ(guess.format, Format::kArticle);
  EXPECT_GT(guess.score, 0.5f);
  EXPECT_LE(guess.score, 1.0f);
}

TEST(FormatTest, PeopleWhoThankAndAskAreAForum) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text +=
        "Hi, thanks for the replies. I am not sure, does anyone know of another thread where this "
        "was posted?\nI agree, maybe you should edit your post. So do you think it would be good "
        "to "
        "ask in the forum again?\nHello, thank you, but there seems to be an issue with my pm.\n";
  }
  EXPECT_EQ(format_of(text), "forum");
}

TEST(FormatTest, NothingAndAnythingHaveAFormat) {
  for (const std::string_view text : {std::string_view(""), std::string_view("\n\n"),
                                      std::string_view("\xFF\xFE\x80"), std::string_view("a")}) {
    const FormatGuess guess = identify_format(text, {});
    EXPECT_GT(guess.score, 0);
    EXPECT_LE(guess.score, 1);
  }
}

TEST(FormatTest, MeasuresOfAnotherSizeAreNotRead) {
  const std::vector<float> few(3, 1.0f);
  EXPECT_EQ(identify_format("a text", few).score, identify_format("a text", {}).score);
}

TEST(FormatTest, ShapesAreFinite) {
  for (const float value : measure_shape("")) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace pith
