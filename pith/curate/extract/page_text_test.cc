#include "pith/curate/extract/page_text.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace pith {
namespace {

std::string rendered(const std::string& html, bool markdown = false) {
  HtmlTree tree;
  tree.build(html);
  TextBlocks blocks;
  BlockFinder().find(tree, blocks);
  const std::vector<std::uint8_t> keep(blocks.blocks.size(), 1);
  std::string out;
  render_page_text(blocks, keep, markdown, out);
  return out;
}

constexpr const char* kPage =
    "<h2>Title</h2><p>One.</p><ul><li>a<li>b<ul><li>c</ul></ul><p>Two.</p>"
    "<table><tr><td>x<td>y<tr><td>1<td>2</table><pre>if x:\n  y</pre>";

TEST(PageTextTest, BlocksAreSetApartListsAndRowsAreNot) {
  EXPECT_EQ(rendered(kPage),
            "Title\n\nOne.\n\n- a\n- b\n  - c\n\nTwo.\n\nx | y\n1 | 2\n\nif x:\n  y");
}

TEST(PageTextTest, MarkdownMarksHeadingsRowsAndCode) {
  EXPECT_EQ(rendered(kPage, true),
            "## Title\n\nOne.\n\n- a\n- b\n  - c\n\nTwo.\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n\n"
            "```\nif x:\n  y\n```");
}

TEST(PageTextTest, MarkdownNumbersOrderedListsAndMarksQuotations) {
  EXPECT_EQ(rendered("<ol><li>one<ul><li>dot</ul><li>two</ol><p>Three.</p>", true),
            "1. one\n  - dot\n2. two\n\nThree.");
  EXPECT_EQ(rendered("<blockquote><p>a<br>b</p></blockquote><p>c</p>", true), "> a\n> b\n\nc");
  EXPECT_EQ(rendered("<ol><li>one<li>two</ol>"), "- one\n- two");
}

TEST(PageTextTest, FencesNameTheLanguageAndAreLongerThanTheBackticksInside) {
  EXPECT_EQ(rendered("<pre><code class='hljs language-cpp'>int x;</code></pre>", true),
            "```cpp\nint x;\n```");
  EXPECT_EQ(rendered("<pre>a ``` b</pre>", true), "````\na ``` b\n````");
}

TEST(PageTextTest, FormulasAreSaidOnceInTex) {
  EXPECT_EQ(rendered("<p>x <span class='katex'><span class='katex-mathml'><math><mi>E</mi>"
                     "<annotation encoding='application/x-tex'>E_0</annotation></math></span>"
                     "<span class='katex-html' aria-hidden='true'>E0</span></span> y</p>"),
            "x $E_0$ y");
  EXPECT_EQ(rendered("<p>a <span><span><math alttext='b'></math></span><img class='mwe-math-x' "
                     "alt='b'></span> <script type='math/tex'>c</script> d <img class='latex' "
                     "alt='$e$'></p>"),
            "a $b$ $c$ d $e$");
}

TEST(PageTextTest, InvalidBytesAndControlsAreReplaced) {
  std::string text =
      "a\xFF"
      "b\xC3(\x01\xE4\xB8\xAD\xED\xA0\x80\xF4\x90\x80\x80\n";
  make_valid_utf8(text);
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(text, "a" + r + "b" + r + "(\xE4\xB8\xAD" + r + r + r + r + r + r + r + "\n");
  std::string good = "naïve 中文 😀\t\n";
  make_valid_utf8(good);
  EXPECT_EQ(good, "naïve 中文 😀\t\n");
}

}  // namespace
}  // namespace pith
