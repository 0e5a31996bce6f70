#include "pith/curate/clean/line_shapes.h"

#include <gtest/gtest.h>

#include <string>

namespace pith {
namespace {

LineShapes shapes_of(std::string_view text) {
  TextFeatures features;
  features.analyze(text, "en");
  return line_shapes(features.lines());
}

TEST(LineShapesTest, KnowsBullets) {
  EXPECT_EQ(shapes_of("- a\n• b\n·c\n  ● d\n※ e\n＊f").bullets, 6u);
  EXPECT_EQ(shapes_of("a - b\n1. c\n*d*\n").bullets, 0u);
}

TEST(LineShapesTest, KnowsLinesThatBreakOff) {
  EXPECT_EQ(shapes_of("so...\nso…\n等等。。。\n点击展开\n查看更多").ellipsis_ends, 5u);
  EXPECT_EQ(shapes_of("so ... on\n更多内容\nend.").ellipsis_ends, 0u);
}

TEST(LineShapesTest, KnowsEndsOfSentences) {
  EXPECT_EQ(shapes_of("a.\nb?\nc!\n\"d\"\ne。\n「f」\ng؟\nh।\ni…").terminal_ends, 9u);
  EXPECT_EQ(shapes_of("a,\nb\nc、\nd)").terminal_ends, 0u);
}

TEST(LineShapesTest, ThirtyCharactersAreShort) {
  EXPECT_EQ(shapes_of(std::string(30, 'x')).short_lines, 1u);
  EXPECT_EQ(shapes_of(std::string(31, 'x')).short_lines, 0u);
  std::string chinese;
  for (int i = 0; i < 30; ++i) chinese += "字";
  EXPECT_EQ(shapes_of(chinese).short_lines, 1u);  // characters, not bytes
}

TEST(LineShapesTest, BlankLinesAndCodeDoNotCount) {
  const LineShapes shapes = shapes_of("one.\n\n\n```\n- x\n- y;\n```\ntwo.\n");
  EXPECT_EQ(shapes.lines, 2u);
  EXPECT_EQ(shapes.bullets, 0u);
  EXPECT_EQ(shapes.terminal_ends, 2u);
}

}  // namespace
}  // namespace pith
