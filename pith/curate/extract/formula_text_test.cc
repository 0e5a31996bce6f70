#include "pith/curate/extract/formula_text.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

// The TeX of the first formula of a page.
std::string tex(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  for (std::uint32_t i = 1; i < tree.nodes().size(); ++i) {
    if (tree.nodes()[i].tag == HtmlTag::kText || !is_formula(tree, i)) continue;
    std::string out;
    append_formula_tex(tree, i, out);
    return out;
  }
  return "none";
}

std::string mathml(const std::string& elements) { return tex("<p><math>" + elements + "</math>"); }

TEST(FormulaTextTest, WhatThePageCarriesAsTexIsTaken) {
  EXPECT_EQ(tex("<math alttext='a &lt; b'><mi>x</mi></math>"), "a < b");
  EXPECT_EQ(mathml("<semantics><mi>x</mi><annotation encoding='application/x-tex'> x^2 "
                   "</annotation></semantics>"),
            "x^2");
  EXPECT_EQ(tex("<script type='math/tex; mode=display'>\\alpha &lt 1</script>"), "\\alpha &lt 1");
  EXPECT_EQ(tex("<img class='mwe-math-fallback-image-inline' alt='{\\displaystyle x}'>"),
            "{\\displaystyle x}");
  EXPECT_EQ(tex("<img alt='$x_1$'>"), "x_1");
  EXPECT_EQ(tex("<img alt='A dollar $'>"), "none");
  EXPECT_EQ(tex("<script>var x</script>"), "none");
}

TEST(FormulaTextTest, FractionsRootsAndScriptsOfMathmlBecomeTex) {
  EXPECT_EQ(mathml("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"
                   "<mo>=</mo><msqrt><mi>c</mi></msqrt>"),
            "\\frac{a}{b+1}=\\sqrt{c}");
  EXPECT_EQ(mathml("<mroot><mi>x</mi><mn>3</mn></mroot>"), "\\sqrt[3]{x}");
  EXPECT_EQ(mathml("<msubsup><mo>∫</mo><mn>0</mn><mi>∞</mi></msubsup><mi>f</mi>"),
            "\\int_0^{\\infty}f");
  EXPECT_EQ(mathml("<msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup>"), "e^{-x}");
  EXPECT_EQ(mathml("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
                   "</munderover>"),
            "\\sum_{i=1}^n");
}

TEST(FormulaTextTest, CommandsDoNotRunIntoLettersAndInvisibleSignsVanish) {
  EXPECT_EQ(mathml("<mi>α</mi><mo>\u2062</mo><mi>x</mi><mo>≤</mo><mn>2</mn>"), "\\alpha x\\le2");
  EXPECT_EQ(mathml("<mi>sin</mi><mi>rank</mi><mtext>if so</mtext>"),
            "\\sin\\mathrm{rank}\\text{if so}");
  EXPECT_EQ(mathml("<mo>{</mo><mover><mi>x</mi><mo>¯</mo></mover><mo>}</mo>"), "\\{\\bar{x}\\}");
}

TEST(FormulaTextTest, TablesBecomeMatrices) {
  EXPECT_EQ(mathml("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr>"
                   "<mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable>"),
            "\\begin{matrix}1 & 2 \\\\ 3 & 4\\end{matrix}");
}

TEST(FormulaTextTest, MissingPartsDoNoHarm) {
  EXPECT_EQ(mathml("<mfrac><mi>a</mi></mfrac>"), "a");
  EXPECT_EQ(mathml("<msup></msup><mover></mover><mtable></mtable>"),
            "\\begin{matrix}\\end{matrix}");
  EXPECT_EQ(mathml(""), "");
}

}  // namespace
}  // namespace pith
