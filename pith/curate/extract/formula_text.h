#pragma once

#include <cstdint>
#include <string>

#include "pith/curate/extract/html_tree.h"

// Formulas as TeX, from whichever form a page has them in. Nothing here allocates but the result.
namespace pith {

// Whether an element holds a formula, so that its text is read by append_formula_tex(): <math>, an
// <img> whose alternative text is TeX (MediaWiki, LaTeX2HTML, WordPress), and MathJax's <script>.
bool is_formula(const HtmlTree& tree, std::uint32_t node);

// Whether an element is drawn from a formula that stands beside it as markup: the visible half of
// what KaTeX and MathJax make, and an image beside <math>. Its text would say the formula twice.
bool is_drawn_formula(const HtmlTree& tree, std::uint32_t node);

// Appends the TeX of a formula, without dollar signs: what the page carries, else made from MathML
// (presentation elements of MathML Core; signs that TeX has no name for here stay as they are).
void append_formula_tex(const HtmlTree& tree, std::uint32_t node, std::string& out);

}  // namespace pith
