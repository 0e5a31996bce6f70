#include "pith/curate/extract/formula_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace pith {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Sorted by sign. Letters and signs of formulas that TeX writes as commands.
constexpr std::pair<std::string_view, std::string_view> kCommands[] = {
    {"±", "\\pm"},       {"·", "\\cdot"},       {"×", "\\times"},
    {"÷", "\\div"},      {"Γ", "\\Gamma"},      {"Δ", "\\Delta"},
    {"Θ", "\\Theta"},    {"Λ", "\\Lambda"},     {"Π", "\\Pi"},
    {"Σ", "\\Sigma"},    {"Φ", "\\Phi"},        {"Ψ", "\\Psi"},
    {"Ω", "\\Omega"},    {"α", "\\alpha"},      {"β", "\\beta"},
    {"γ", "\\gamma"},    {"δ", "\\delta"},      {"ε", "\\epsilon"},
    {"ζ", "\\zeta"},     {"η", "\\eta"},        {"θ", "\\theta"},
    {"ι", "\\iota"},     {"κ", "\\kappa"},      {"λ", "\\lambda"},
    {"μ", "\\mu"},       {"ν", "\\nu"},         {"ξ", "\\xi"},
    {"π", "\\pi"},       {"ρ", "\\rho"},        {"σ", "\\sigma"},
    {"τ", "\\tau"},      {"φ", "\\phi"},        {"χ", "\\chi"},
    {"ψ", "\\psi"},      {"ω", "\\omega"},      {"…", "\\ldots"},
    {"→", "\\to"},       {"⇒", "\\Rightarrow"}, {"⇔", "\\Leftrightarrow"},
    {"∀", "\\forall"},   {"∂", "\\partial"},    {"∃", "\\exists"},
    {"∅", "\\emptyset"}, {"∇", "\\nabla"},      {"∈", "\\in"},
    {"∉", "\\notin"},    {"∏", "\\prod"},       {"∑", "\\sum"},
    {"−", "-"},          {"∘", "\\circ"},       {"√", "\\sqrt"},
    {"∞", "\\infty"},    {"∧", "\\land"},       {"∨", "\\lor"},
    {"∩", "\\cap"},      {"∪", "\\cup"},        {"∫", "\\int"},
    {"≈", "\\approx"},   {"≠", "\\ne"},         {"≡", "\\equiv"},
    {"≤", "\\le"},       {"≥", "\\ge"},         {"⊂", "\\subset"},
    {"⊆", "\\subseteq"}, {"⋅", "\\cdot"},       {"⋯", "\\cdots"},
};
static_assert(std::is_sorted(std::begin(kCommands), std::end(kCommands),
                             [](const auto& a, const auto& b) { return a.first < b.first; }));

// Invisible operators of MathML: function application, times, separator, plus.
bool is_invisible(std::string_view sign) {
  return sign == "\u2061" || sign == "\u2062" || sign == "\u2063" || sign == "\u2064";
}

class MathmlWriter {
 public:
  MathmlWriter(const HtmlTree& tree, std::string& out) : tree_(tree), out_(out) {}

  void children(std::uint32_t node) {
    for (std::uint32_t i = node + 1; i < end(node); i = end(i)) element(i);
  }

 private:
  std::uint32_t end(std::uint32_t node) const { return tree_.nodes()[node].end; }
  std::string_view name(std::uint32_t node) const {
    const HtmlNode& n = tree_.nodes()[node];
    return n.tag == HtmlTag::kText ? std::string_view() : tree_.text(n);
  }
  std::vector<std::uint32_t> parts(std::uint32_t node) const {
    std::vector<std::uint32_t> parts;
    for (std::uint32_t i = node + 1; i < end(node); i = end(i)) {
      if (tree_.nodes()[i].tag != HtmlTag::kText) parts.push_back(i);
    }
    return parts;
  }

  std::string text(std::uint32_t node) const {
    std::string text;
    for (std::uint32_t i = node + 1; i < end(node); ++i) {
      const HtmlNode& n = tree_.nodes()[i];
      if (n.tag == HtmlTag::kText) decode_html_text(tree_.text(n), n.content, text);
    }
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
  }

  // A command needs a space before a letter that follows.
  void put(std::string_view tex) {
    if (tex.empty()) return;
    const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    if (in_command_ && is_letter(tex[0]) && !out_.empty() && is_letter(out_.back())) out_ += ' ';
    out_ += tex;
    in_command_ = tex[0] == '\\' && is_letter(tex.back());
  }

  void sign(std::uint32_t node) {
    const std::string text = this->text(node);
    if (is_invisible(text)) return;
    const auto* const command = std::lower_bound(
        std::begin(kCommands), std::end(kCommands), text,
        [](const auto& entry, const std::string& sign) { return entry.first < sign; });
    if (command != std::end(kCommands) && command->first == text) return put(command->second);
    if (text == "{" || text == "}" || text == "%" || text == "#" || text == "&" || text == "_") {
      return put("\\" + text);
    }
    const bool word = text.size() > 1 && std::all_of(text.begin(), text.end(), [](char c) {
                        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
                      });
    constexpr std::array<std::string_view, 14> kFunctions = {"cos", "cot", "det", "exp", "gcd",
                                                             "inf", "lim", "ln",  "log", "max",
                                                             "min", "sin", "sup", "tan"};
    if (!word) return put(text);
    put(std::ranges::find(kFunctions, text) != kFunctions.end() ? "\\" + text
                                                                : "\\mathrm{" + text + "}");
  }

  // One sign stands alone, more in braces.
  void group(std::uint32_t node) {
    const std::size_t before = out_.size();
    out_ += '{';
    in_command_ = false;
    element(node);
    in_command_ = false;
    if (out_.size() == before + 2) {
      out_.erase(before, 1);
    } else {
      out_ += '}';
    }
  }
  void braced(std::uint32_t node) {
    out_ += '{';
    in_command_ = false;
    element(node);
    out_ += '}';
    in_command_ = false;
  }

  void scripts(const std::vector<std::uint32_t>& parts, std::string_view marks) {
    if (parts.empty()) return;
    element(parts[0]);
    for (std::size_t i = 0; i < marks.size() && i + 1 < parts.size(); ++i) {
      out_ += marks[i];
      group(parts[i + 1]);
    }
  }

  void accent(const std::vector<std::uint32_t>& parts) {
    constexpr std::pair<std::string_view, std::string_view> kAccents[] = {
        {"^", "\\hat"}, {"ˆ", "\\hat"}, {"~", "\\tilde"}, {"˜", "\\tilde"},
        {"¯", "\\bar"}, {"‾", "\\bar"}, {"→", "\\vec"},   {"⃗", "\\vec"},
        {"˙", "\\dot"}, {".", "\\dot"}, {"¨", "\\ddot"},  {"_", "\\bar"}};
    if (parts.size() < 2) return scripts(parts, "");
    const std::string over = text(parts[1]);
    for (const auto& [mark, command] : kAccents) {
      if (over != mark) continue;
      put(command);
      return braced(parts[0]);
    }
    scripts(parts, "^");
  }

  void table(std::uint32_t node) {
    put("\\begin{matrix}");
    bool first_row = true;
    for (const std::uint32_t row : parts(node)) {
      if (!first_row) out_ += " \\\\ ";
      first_row = false;
      in_command_ = false;
      bool first_cell = true;
      for (const std::uint32_t cell : parts(row)) {
        if (!first_cell) out_ += " & ";
        first_cell = false;
        in_command_ = false;
        children(cell);
      }
    }
    put("\\end{matrix}");
    in_command_ = false;
  }

  void element(std::uint32_t node) {
    if (tree_.nodes()[node].tag == HtmlTag::kText) return;  // white space between elements
    const std::string_view name = this->name(node);
    if (name == "mi" || name == "mo" || name == "mn" || name == "ms") return sign(node);
    if (name == "mtext") {
      const std::string text = this->text(node);
      if (!text.empty()) put("\\text{" + text + "}");
      return;
    }
    if (name == "annotation" || name == "annotation-xml" || name == "mphantom") return;
    if (name == "mspace") return put(" ");
    const std::vector<std::uint32_t> parts = this->parts(node);
    if (name == "mfrac" && parts.size() >= 2) {
      put("\\frac");
      braced(parts[0]);
      return braced(parts[1]);
    }
    if (name == "msqrt") {
      put("\\sqrt{");
      in_command_ = false;
      children(node);
      out_ += '}';
      in_command_ = false;
      return;
    }
    if (name == "mroot" && parts.size() >= 2) {
      put("\\sqrt[");
      in_command_ = false;
      element(parts[1]);
      out_ += ']';
      return braced(parts[0]);
    }
    if (name == "msub" || name == "munder") return scripts(parts, "_");
    if (name == "msup") return scripts(parts, "^");
    if (name == "msubsup" || name == "munderover") return scripts(parts, "_^");
    if (name == "mover") return accent(parts);
    if (name == "mtable") return table(node);
    if (name == "mfenced") {
      out_ += '(';
      in_command_ = false;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out_ += ',';
        element(parts[i]);
      }
      out_ += ')';
      in_command_ = false;
      return;
    }
    children(node);
  }

  const HtmlTree& tree_;
  std::string& out_;
  bool in_command_ = false;  // out_ ends with the name of a command
};

void trim(std::string& text, std::size_t from) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  while (text.size() > from && is_space(text.back())) text.pop_back();
  std::size_t first = from;
  while (first < text.size() && is_space(text[first])) ++first;
  text.erase(from, first - from);
}

// Without the marks that set a formula apart from text: "$", "$$", "\(", "\[".
void strip_delimiters(std::string& text, std::size_t from) {
  trim(text, from);
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}};
  for (const auto& [open, close] : kMarks) {
    const std::string_view formula = std::string_view(text).substr(from);
    if (formula.size() <= open.size() + close.size()) continue;
    if (!formula.starts_with(open) || !formula.ends_with(close)) continue;
    text.resize(text.size() - close.size());
    text.erase(from, open.size());
    return trim(text, from);
  }
}

bool is_tex_image(const HtmlTree& tree, std::uint32_t node) {
  const std::string_view alt = tree.attribute(node, HtmlAttr::kAlt);
  if (alt.empty()) return false;
  const std::string_view classes = tree.attribute(node, HtmlAttr::kClass);
  if (contains(classes, "mwe-math") || classes == "latex" || classes == "tex" ||
      classes == "math") {
    return true;
  }
  return alt.starts_with("{\\displaystyle") ||
         (alt.size() > 2 && alt[0] == '$' && alt.back() == '$');
}

void append_text(const HtmlTree& tree, std::uint32_t node, std::string& out) {
  for (std::uint32_t i = node + 1; i < tree.nodes()[node].end; ++i) {
    const HtmlNode& n = tree.nodes()[i];
    if (n.tag == HtmlTag::kText) decode_html_text(tree.text(n), n.content, out);
  }
}

bool append_annotation(const HtmlTree& tree, std::uint32_t math, std::string& out) {
  const std::string_view alternative = tree.attribute(math, HtmlAttr::kAlttext);
  if (!alternative.empty()) {
    decode_html_attribute(alternative, out);
    return true;
  }
  for (std::uint32_t i = math; i < tree.nodes()[math].end; ++i) {
    if (tree.nodes()[i].tag != HtmlTag::kAnnotation) continue;
    if (!contains(tree.attribute(i, HtmlAttr::kEncoding), "tex")) continue;
    append_text(tree, i, out);
    return true;
  }
  return false;
}

}  // namespace

bool is_formula(const HtmlTree& tree, std::uint32_t node) {
  switch (tree.nodes()[node].tag) {
    case HtmlTag::kMath:
      return true;
    case HtmlTag::kImg:
      return is_tex_image(tree, node);
    case HtmlTag::kScript:
      return tree.attribute(node, HtmlAttr::kType).starts_with("math/tex");
    default:
      return false;
  }
}

bool is_drawn_formula(const HtmlTree& tree, std::uint32_t node) {
  const HtmlNode& n = tree.nodes()[node];
  if (n.tag == HtmlTag::kImg) {
    // MediaWiki's, which stands behind the <math> in one span.
    if (!contains(tree.attribute(node, HtmlAttr::kClass), "mwe-math")) return false;
    for (std::uint32_t i = n.parent + 1; i < node; ++i) {
      if (tree.nodes()[i].tag == HtmlTag::kMath) return true;
    }
    return false;
  }
  if (n.tag != HtmlTag::kSpan && n.tag != HtmlTag::kDiv && n.tag != HtmlTag::kUnknown) return false;
  const std::string_view classes = tree.attribute(node, HtmlAttr::kClass);
  if (classes.size() < 7) return false;
  return contains(classes, "katex-html") || contains(classes, "MathJax_Preview") ||
         classes == "MathJax" || classes == "MathJax_SVG" || classes == "MathJax_CHTML" ||
         contains(classes, "MJX-TEX");
}

void append_formula_tex(const HtmlTree& tree, std::uint32_t node, std::string& out) {
  const std::size_t from = out.size();
  switch (tree.nodes()[node].tag) {
    case HtmlTag::kImg:
      decode_html_attribute(tree.attribute(node, HtmlAttr::kAlt), out);
      break;
    case HtmlTag::kScript:
      append_text(tree, node, out);
      break;
    default:
      if (!append_annotation(tree, node, out)) MathmlWriter(tree, out).children(node);
  }
  strip_delimiters(out, from);
}

}  // namespace pith
