#include "pith/curate/extract/text_blocks.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace pith {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  TextBlocks blocks;
  BlockFinder().find(tree, blocks);
  std::vector<std::string> out;
  for (const TextBlock& block : blocks.blocks) out.emplace_back(blocks.of(block));
  return out;
}

TextBlock only_block(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  TextBlocks blocks;
  BlockFinder().find(tree, blocks);
  EXPECT_EQ(blocks.blocks.size(), 1u) << html;
  return blocks.blocks.empty() ? TextBlock{} : blocks.blocks[0];
}

TEST(TextBlocksTest, BlockElementsMakeBlocksAndInlineOnesDoNot) {
  EXPECT_THAT(texts("<div>a <b>b</b>c<p>d</p>e</div>"), ElementsAre("a bc", "d", "e"));
}

TEST(TextBlocksTest, WhiteSpaceBetweenInlineElementsIsOneSpace) {
  EXPECT_THAT(texts("<p> a\n <i> b</i>  <i>c</i>&nbsp;d </p>"), ElementsAre("a b c d"));
}

TEST(TextBlocksTest, ChineseGetsNoSpaces) {
  EXPECT_THAT(texts("<p>中文<b>网页</b>。<a href=x>链接</a>文字</p>"),
              ElementsAre("中文网页。链接文字"));
}

TEST(TextBlocksTest, IdeographicSpacesThatIndentAreNotText) {
  EXPECT_THAT(texts("<p>　　第一段。　第二句。</p>"), ElementsAre("第一段。 第二句。"));
}

TEST(TextBlocksTest, LinksThatTouchAreSeenApart) {
  EXPECT_THAT(texts("<div><a href=1>Home</a><a href=2>News</a></div>"), ElementsAre("Home News"));
}

TEST(TextBlocksTest, LettersInSpansOfTheirOwnStayOneWord) {
  EXPECT_THAT(texts("<p><span>P</span><span>ith</span></p>"), ElementsAre("Pith"));
}

TEST(TextBlocksTest, OneBreakIsALineTwoAreABoundary) {
  EXPECT_THAT(texts("a<br>b<br><br>c"), ElementsAre("a\nb", "c"));
}

TEST(TextBlocksTest, CodeKeepsItsLinesAndIndentation) {
  EXPECT_THAT(texts("<pre>\nif x:\n    <b>go</b>(1 &lt; 2)\n</pre>"),
              ElementsAre("if x:\n    go(1 < 2)"));
}

TEST(TextBlocksTest, LinesOfCodeInElementsOfTheirOwnStayLines) {
  EXPECT_THAT(texts("<pre><div>a</div><div>  b</div></pre>"), ElementsAre("a\n  b"));
}

TEST(TextBlocksTest, ARowOfSimpleCellsIsOneBlock) {
  EXPECT_THAT(texts("<table><tr><th>a<th>b<tr><td><p>1</p><td>2</table>"),
              ElementsAre("a | b", "1 | 2"));
}

TEST(TextBlocksTest, CellsThatLayOutAPageAreNotARow) {
  EXPECT_THAT(texts("<table><tr><td>menu<td><h1>t</h1><p>a</p><p>b</p></table>"),
              ElementsAre("menu", "t", "a", "b"));
}

TEST(TextBlocksTest, ScriptsStylesAndFormControlsHaveNoText) {
  EXPECT_THAT(texts("a<script>b</script><style>c</style><textarea>d</textarea>"
                    "<select><option>e</select><svg><text>f</text></svg><iframe>g</iframe>"),
              ElementsAre("a"));
}

TEST(TextBlocksTest, ALongNoscriptIsReadAndAShortNoticeIsNot) {
  const std::string text(400, 'a');
  EXPECT_THAT(texts("<body><noscript><p>" + text + "</p></noscript>"), ElementsAre(text));
  EXPECT_THAT(texts("<body>x<noscript>Please enable JavaScript.</noscript>"), ElementsAre("x"));
}

TEST(TextBlocksTest, FormulasComeAsTheirTex) {
  EXPECT_THAT(texts("<p>x <math alttext='a^2'><mi>a</mi><mn>2</mn></math> y</p>"),
              ElementsAre("x $a^2$ y"));
  EXPECT_THAT(texts("<p><math><semantics><mi>a</mi><annotation encoding='application/x-tex'>\\alpha"
                    "</annotation></semantics></math></p>"),
              ElementsAre("$\\alpha$"));
}

TEST(TextBlocksTest, MarksThatLinkAHeadingToItselfAreNotText) {
  EXPECT_THAT(texts("<h2>Title<a href='#t'>¶</a></h2>"), ElementsAre("Title"));
}

TEST(TextBlocksTest, ListItemsKnowTheirDepthAndStart) {
  HtmlTree tree;
  tree.build("<ul><li>a<ul><li><p>b</p><p>c</p></ul></ul>");
  TextBlocks blocks;
  BlockFinder().find(tree, blocks);
  ASSERT_EQ(blocks.blocks.size(), 3u);
  EXPECT_EQ(blocks.blocks[0].list_depth, 1);
  EXPECT_EQ(blocks.blocks[1].list_depth, 2);
  EXPECT_EQ(blocks.blocks[1].kind, BlockKind::kListItem);
  EXPECT_EQ(blocks.blocks[2].kind, BlockKind::kParagraph);
}

TEST(TextBlocksTest, WordsAndLinkWordsAreCounted) {
  const TextStats stats = only_block("<p>One two, <a href=x>three 4</a>. It's 3.5!</p>").stats;
  EXPECT_EQ(stats.words, 8);
  EXPECT_EQ(stats.link_words, 2);
  EXPECT_EQ(stats.commas, 1u);
  EXPECT_EQ(stats.sentence_ends, 2u);
  EXPECT_EQ(stats.capitals, 2u);
}

TEST(TextBlocksTest, ChineseIsCountedByCharacter) {
  const TextStats stats = only_block("<p>今天，天气很好。</p>").stats;
  EXPECT_NEAR(stats.words, 6 * 0.6, 1e-4);
  EXPECT_EQ(stats.commas, 1u);
  EXPECT_EQ(stats.sentence_ends, 1u);
}

}  // namespace
}  // namespace pith
