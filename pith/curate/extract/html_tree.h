#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pith/curate/extract/html_tags.h"
#include "pith/curate/extract/html_tokenizer.h"

// A page as a tree, light and tolerant: enough of WHATWG's tree construction that text lands in the
// block it is seen in (implied end tags, void elements, misnested formatting), nothing more.
namespace pith {

// The attributes that are kept.
enum class HtmlAttr : std::uint8_t {
  kClass,
  kId,
  kRole,
  kStyle,
  kHidden,
  kAriaHidden,
  kHref,
  kRel,
  kItemprop,
  kItemtype,
  kName,
  kProperty,
  kContent,
  kDatetime,
  kLang,
  kType,
  kAlt,
  kAlttext,
  kEncoding,
  kShadowrootmode,
};

struct HtmlNodeAttribute {
  HtmlAttr attribute;
  std::uint32_t begin, size;  // of the value as written, in the page
};

// Nodes stand in document order, so a subtree is a range: node i owns [i, end). Node 0 is <html>.
struct HtmlNode {
  HtmlTag tag = HtmlTag::kText;
  HtmlContent content = HtmlContent::kData;  // kText: how to decode it
  bool in_link = false;                      // kText
  bool space_before = false;                 // kText: white space stands before it
  std::uint32_t parent = 0;
  std::uint32_t end = 0;
  std::uint32_t begin = 0, size = 0;  // kText: of the text; else of the name, in the page
  std::uint32_t attributes = 0;  // first of its attributes; they end where the next node's begin
};

// Threads: one at a time. Lifetime: everything points into `html` and ends with it, or with
// build().
class HtmlTree {
 public:
  // Deeper elements are flattened into the one at this depth.
  static constexpr std::size_t kMaxDepth = 384;
  // What follows a node beyond this (or the bound that build() is given) is not read; real pages
  // stay far below.
  static constexpr std::size_t kMaxNodes = 2'500'000;

  // Replaces what the tree held. Linear time and memory; `html` below 4 GiB.
  void build(std::string_view html, std::size_t max_nodes = kMaxNodes);

  std::span<const HtmlNode> nodes() const { return nodes_; }
  std::string_view html() const { return html_; }
  std::string_view text(const HtmlNode& node) const { return html_.substr(node.begin, node.size); }
  std::span<const HtmlNodeAttribute> attributes(std::uint32_t node) const;
  // The raw value of the node's attribute; null data() when it has none.
  std::string_view attribute(std::uint32_t node, HtmlAttr attribute) const;

 private:
  // Where the innermost open element of a kind stands in open_; 0: none that counts from here.
  struct Scope {
    std::uint16_t p = 0, li = 0, definition = 0, cell = 0, row = 0, section = 0, table = 0;
    std::uint16_t button = 0, block = 0, barrier = 0, foreign = 0;
  };
  struct Open {
    std::uint32_t node;
    HtmlTag tag;
    std::uint16_t previous_same;  // next outer open element with the same chain, 0: none
    std::uint16_t chain;
    Scope scope;
  };

  void add_text(const HtmlToken& token);
  void start_tag(const HtmlToken& token, HtmlTokenizer& tokenizer);
  void end_tag(const HtmlToken& token);
  void imply_end_tags(HtmlTag tag);
  std::uint32_t add_node(HtmlTag tag, std::string_view slice);
  void keep_attributes(const HtmlToken& token);
  void push(std::uint32_t node, HtmlTag tag, std::uint16_t chain);
  void pop_to(std::size_t open_index);  // closes it and everything inside
  const Scope& scope() const { return open_.back().scope; }
  std::uint32_t offset(std::string_view slice) const {
    return static_cast<std::uint32_t>(slice.data() - html_.data());
  }

  std::string_view html_;
  std::vector<HtmlNode> nodes_;
  std::vector<HtmlNodeAttribute> attributes_;
  std::vector<Open> open_;
  std::vector<std::uint16_t> innermost_;  // by chain: index into open_, 0: none
  bool link_open_ = false;
  bool space_pending_ = false;
  bool body_seen_ = false;
};

}  // namespace pith
