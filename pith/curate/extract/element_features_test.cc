#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "pith/curate/extract/measured_page_test.h"

namespace pith {
namespace {

using F = BlockFeature;
using testing::ElementsAre;

std::vector<std::string> cue_tokens(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  std::vector<std::string> out;
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.nodes()[node].tag == HtmlTag::kDiv) BlockMeasurer::cue_tokens(tree, node, out);
  }
  return out;
}

TEST(ElementFeaturesTest, NamesFallIntoWordsAndPairs) {
  EXPECT_THAT(cue_tokens("<div class='main-content'>"),
              ElementsAre("main", "main-content", "content"));
  EXPECT_THAT(cue_tokens("<div class='entryContent'>"),
              ElementsAre("entry", "entry-content", "content"));
  EXPECT_THAT(cue_tokens("<div class='post_body  SIDE'>"),
              ElementsAre("post", "post-body", "body", "side"));
  EXPECT_THAT(cue_tokens("<div class='col2' id=x9 role=main>"), ElementsAre("col", "x", "main"));
  EXPECT_THAT(cue_tokens("<div class='--- 7'>"), ElementsAre());
  EXPECT_THAT(cue_tokens("<div title=footer>"), ElementsAre());
}

TEST(ElementFeaturesTest, ElementsAndRolesMarkTheirBlocks) {
  const struct {
    const char* html;
    BlockFeature feature;
  } cases[] = {{"<nav>x</nav>", F::kInNav},
               {"<div role=navigation>x</div>", F::kInNav},
               {"<header>x</header>", F::kInHeader},
               {"<div role=banner>x</div>", F::kInHeader},
               {"<footer>x</footer>", F::kInFooter},
               {"<aside>x</aside>", F::kInAside},
               {"<div role=complementary>x</div>", F::kInAside},
               {"<form>x</form>", F::kInForm},
               {"<main>x</main>", F::kInMain},
               {"<article>x</article>", F::kInArticle},
               {"<table><tr><td>x</table>", F::kInTable},
               {"<figure>x</figure>", F::kInFigure},
               {"<details>x</details>", F::kInDetails},
               {"<a href=y><div>x</div></a>", F::kInLink},
               {"<div hidden>x</div>", F::kInHidden},
               {"<div aria-hidden=true>x</div>", F::kInHidden},
               {"<div style='color:red;display : none'>x</div>", F::kInHidden},
               {"<div style='visibility:hidden'>x</div>", F::kInHidden},
               {"<div role=dialog>x</div>", F::kInHidden}};
  for (const auto& test : cases) {
    EXPECT_EQ(MeasuredPage(test.html).value(test.feature, 0), 1) << test.html;
    EXPECT_EQ(MeasuredPage("<div>x</div>").value(test.feature, 0), 0) << test.html;
  }
  for (const char* shown : {"<div style='display:block'>x</div>", "<div aria-hidden=false>x</div>",
                            "<div style='display-name:none'>x</div>"}) {
    EXPECT_EQ(MeasuredPage(shown).value(F::kInHidden, 0), 0) << shown;
  }
}

TEST(ElementFeaturesTest, MarksReachDownAndNotAside) {
  const MeasuredPage m("<nav><ul><li><b><i>in</i></b></ul></nav><p>out</p>");
  EXPECT_EQ(m.value(F::kInNav, 0), 1);
  EXPECT_EQ(m.value(F::kInNav, 1), 0);
}

TEST(ElementFeaturesTest, SumsCountWhatIsInside) {
  const MeasuredPage m("<section><p>one two</p><div><a href=x>three</a> four</div></section>");
  const std::uint32_t section = m.measurer.around(0, 2);
  ASSERT_EQ(m.tree.nodes()[section].tag, HtmlTag::kSection);
  EXPECT_EQ(m.measurer.sums(section).words, 4);
  EXPECT_EQ(m.measurer.sums(section).link_words, 1);
  EXPECT_EQ(m.measurer.sums(section).blocks, 2u);
  EXPECT_EQ(m.measurer.sums(0).words, 4);
}

TEST(ElementFeaturesTest, ThreeAlikeAreItems) {
  const MeasuredPage two("<li class=a>x</li><li class=a>y</li><li class=b>z</li>");
  EXPECT_EQ(two.value(F::kItemRepeats, 0), 0);
  const MeasuredPage three("<li class=a>x</li><li class=a>y</li><li class=a>z</li>");
  EXPECT_GT(three.value(F::kItemRepeats, 0), 0);
}

}  // namespace
}  // namespace pith
