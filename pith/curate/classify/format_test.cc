#include "pith/curate/classify/format.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "pith/curate/extract/extract.h"

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

TEST(FormatTest, ProseIsAnArticle) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text +=
        "The minister said on Tuesday that the government would look at the plan again, after the "
        "people of the town had told reporters that they were against it. \"We have not been "
        "asked,\" said one of them, who has lived there for forty years.\n\n";
  }
  const FormatGuess guess = identify_format(text, {});
  EXPECT_EQ(guess.format, Format::kArticle);
  EXPECT_GT(guess.score, 0.5f);
  EXPECT_LE(guess.score, 1.0f);
}

TEST(FormatTest, AThreadOfRepliesIsAForum) {
  std::string page = "<html><body><h1>Re: engine does not start</h1>";
  for (int i = 0; i < 12; ++i) {
    page +=
        "<div class=post><span class=user>user" + std::to_string(i) +
        "</span><span>Joined: Mar 2009 Posts: 213</span><p>Thanks for the reply, I have tried what "
        "you posted but I am still having this problem. Does anyone know how to fix it?</p>"
        "<a href=#>Quote</a> <a href=#>Reply</a></div>";
  }
  const Page read = extract_page(page + "</body></html>");
  EXPECT_EQ(format_name(identify_format(read.text, read.measures).format), "forum");
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
