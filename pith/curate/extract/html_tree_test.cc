#include "pith/curate/extract/html_tree.h"

#include <gmock/gmock.h>

#include <string>

namespace pith {
namespace {

// The tree as one line: "div(p(text one) p(text two))"; links are marked where their text is.
std::string outline(const HtmlTree& tree, std::uint32_t index = 0) {
  const HtmlNode& node = tree.nodes()[index];
  if (node.tag == HtmlTag::kText) {
    return "'" + std::string(tree.text(node)) + "'" + (node.in_link ? "@" : "");
  }
  std::string out(node.tag == HtmlTag::kUnknown ? tree.text(node) : html_tag_name(node.tag));
  std::string inside;
  for (std::uint32_t i = index + 1; i < node.end; i = tree.nodes()[i].end) {
    inside += (inside.empty() ? "" : " ") + outline(tree, i);
  }
  return inside.empty() ? out : out + "(" + inside + ")";
}

std::string outline_of(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  return outline(tree);
}

struct Case {
  const char* why;
  const char* html;
  const char* tree;
};

TEST(HtmlTreeTest, TextLandsInTheElementItIsSeenIn) {
  const Case cases[] = {
      {"a paragraph ends where the next begins", "<p>a<p>b", "html(p('a') p('b'))"},
      {"a block ends an open paragraph", "<p>a<div>b</div>", "html(p('a') div('b'))"},
      {"an item ends where the next begins", "<ul><li>a<li>b</ul>c",
       "html(ul(li('a') li('b')) 'c')"},
      {"an inner list does not end the outer item", "<ul><li>a<ul><li>b</ul>c<li>d</ul>",
       "html(ul(li('a' ul(li('b')) 'c') li('d')))"},
      {"rows and cells need no end tags", "<table><tr><td>a<td>b<tr><th>c</table>",
       "html(table(tr(td('a') td('b')) tr(th('c'))))"},
      {"an inner table does not end the outer cell",
       "<table><tr><td><table><tr><td>a</table>b<td>c</table>",
       "html(table(tr(td(table(tr(td('a'))) 'b') td('c'))))"},
      {"terms and definitions need no end tags", "<dl><dt>a<dd>b<dt>c</dl>",
       "html(dl(dt('a') dd('b') dt('c')))"},
      {"an end tag without a start is nothing", "a</div>b</p>c", "html('a' 'b' 'c')"},
      {"an end tag does not reach out of a cell", "<div><table><tr><td>a</div>b</table>c</div>d",
       "html(div(table(tr(td('a' 'b'))) 'c') 'd')"},
      {"a link ends where the next begins", "<a href=x>a<a href=y>b</a>c",
       "html(a('a'@) a('b'@) 'c')"},
      {"a link's end tag ends it across blocks", "<a href=x><div>a</a>b</div>",
       "html(a(div('a'@ 'b')))"},
      {"formatting makes no node", "<p><b>a<i>b</p>c", "html(p('a' 'b') 'c')"},
      {"void elements hold nothing", "a<br>b<img src=x>c", "html('a' br 'b' img 'c')"},
      {"what is no head element ends the head", "<head><title>t</title><p>a",
       "html(head(title('t')) p('a'))"},
      {"a second body is nothing", "<body>a<body>b", "html(body('a' 'b'))"},
      {"unknown elements close by their own name", "<x-a><x-b>a</x-a>b", "html(x-a(x-b('a')) 'b')"},
      {"headings close each other's end tags", "<h2>a</h3>b", "html(h2('a') 'b')"},
      {"a title inside svg is not the page's", "<svg><title>a<b></title></svg>b",
       "html(svg(title('a')) 'b')"},
  };
  for (const Case& c : cases) EXPECT_EQ(outline_of(c.html), c.tree) << c.why;
}

TEST(HtmlTreeTest, RawTextIsNotMarkup) {
  EXPECT_EQ(outline_of("<script>if (a<b) '</p>'</script><p>a<style>p>q{}</style>b"),
            "html(script p('a' style 'b'))");
  EXPECT_EQ(outline_of("<iframe src=x />a"), "html(iframe 'a')");
}

TEST(HtmlTreeTest, KeepsTheAttributesThatExtractionReads) {
  HtmlTree tree;
  tree.build("<html lang=de><div CLASS='a b' onclick=x class=c id=d>e</div>");
  EXPECT_EQ(tree.attribute(0, HtmlAttr::kLang), "de");
  EXPECT_EQ(tree.attribute(1, HtmlAttr::kClass), "a b");
  EXPECT_EQ(tree.attribute(1, HtmlAttr::kId), "d");
  EXPECT_EQ(tree.attribute(1, HtmlAttr::kRole).data(), nullptr);
}

TEST(HtmlTreeTest, DepthIsBoundedAndTextBeyondItIsKept) {
  std::string html;
  for (int i = 0; i < 100000; ++i) html += "<div>";
  HtmlTree tree;
  const std::string page = html + "deep";
  tree.build(page);
  ASSERT_LE(tree.nodes().size(), HtmlTree::kMaxDepth + 2);
  EXPECT_EQ(tree.text(tree.nodes().back()), "deep");
}

// Work is counted in nodes: a page twice as long makes at most twice as many.
TEST(HtmlTreeTest, NodesGrowNoFasterThanThePage) {
  for (const char* piece : {"<p>", "<a href=x>", "<li>", "<table><tr><td>", "<b><p>", "</div>",
                            "<x>", "<!--", "<svg><title>", "<option>", "a<br>"}) {
    std::size_t nodes[2];
    for (int twice = 0; twice < 2; ++twice) {
      std::string html = "<ul><table><td>";
      for (int i = 0; i < 20000 * (twice + 1); ++i) html += piece;
      HtmlTree tree;
      tree.build(html);
      nodes[twice] = tree.nodes().size();
      for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        ASSERT_GT(tree.nodes()[i].end, i);
        ASSERT_LE(tree.nodes()[i].parent, i);
      }
    }
    EXPECT_LE(nodes[1], 2 * nodes[0] + 400) << piece;
  }
}

}  // namespace
}  // namespace pith
