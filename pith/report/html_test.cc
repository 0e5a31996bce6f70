#include "pith/report/html.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(HtmlTest, TextCannotBecomeMarkup) {
  EXPECT_EQ(escape_html("<script>\"&'\x01"), "&lt;script&gt;&quot;&amp;&#39; ");
}

TEST(HtmlTest, ShortenCutsBetweenCharacters) {
  EXPECT_EQ(shorten("中文字", 4), "中…");
  EXPECT_EQ(shorten("中文字", 9), "中文字");
  EXPECT_EQ(shorten("abc", 2), "ab…");
}

}  // namespace
}  // namespace pith
