#include "pith/cli/terminal_text.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(TerminalTextTest, TextPassesAndControlsDoNot) {
  EXPECT_EQ(terminal_text("Zeile 1\n\t机器学习 😀 é"), "Zeile 1\n\t机器学习 😀 é");
  EXPECT_EQ(terminal_text("\x1b[31mred\x07"), "\uFFFD[31mred\uFFFD");
  EXPECT_EQ(terminal_text("a\r\nb\rc"), "a\nbc");
  EXPECT_EQ(terminal_text(std::string_view("\0\x7f", 2)), "\uFFFD\uFFFD");
  EXPECT_EQ(terminal_text("\u009b2J\u0085\u00a0\u00c2"), "\uFFFD2J\uFFFD\u00a0\u00c2");
  EXPECT_EQ(terminal_text(""), "");
}

}  // namespace
}  // namespace pith
