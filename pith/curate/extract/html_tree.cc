#include "pith/curate/extract/html_tree.h"

#include <algorithm>
#include <array>

namespace pith {
namespace {

// Open elements with one end tag form a chain: a known tag its own, headings one together, unknown
// names one of 64 by hash.
constexpr std::size_t kUnknownChains = 64;
constexpr std::size_t kChains = kHtmlTagCount + kUnknownChains;

std::uint16_t chain_of(HtmlTag tag, std::string_view name) {
  if (is_heading(tag)) return static_cast<std::uint16_t>(HtmlTag::kH1);
  if (tag != HtmlTag::kUnknown) return static_cast<std::uint16_t>(tag);
  std::uint32_t hash = 0;
  for (const char c : name) hash = hash * 31 + (static_cast<unsigned char>(c) | 0x20u);
  return static_cast<std::uint16_t>(kHtmlTagCount + hash % kUnknownChains);
}

struct AttributeName {
  std::string_view name;
  HtmlAttr attribute;
};
constexpr std::array kAttributeNames = {
    AttributeName{"class", HtmlAttr::kClass},
    AttributeName{"id", HtmlAttr::kId},
    AttributeName{"role", HtmlAttr::kRole},
    AttributeName{"style", HtmlAttr::kStyle},
    AttributeName{"hidden", HtmlAttr::kHidden},
    AttributeName{"aria-hidden", HtmlAttr::kAriaHidden},
    AttributeName{"href", HtmlAttr::kHref},
    AttributeName{"rel", HtmlAttr::kRel},
    AttributeName{"itemprop", HtmlAttr::kItemprop},
    AttributeName{"itemtype", HtmlAttr::kItemtype},
    AttributeName{"name", HtmlAttr::kName},
    AttributeName{"property", HtmlAttr::kProperty},
    AttributeName{"content", HtmlAttr::kContent},
    AttributeName{"datetime", HtmlAttr::kDatetime},
    AttributeName{"lang", HtmlAttr::kLang},
    AttributeName{"xml:lang", HtmlAttr::kLang},
    AttributeName{"type", HtmlAttr::kType},
    AttributeName{"alt", HtmlAttr::kAlt},
    AttributeName{"alttext", HtmlAttr::kAlttext},
    AttributeName{"encoding", HtmlAttr::kEncoding},
    AttributeName{"shadowrootmode", HtmlAttr::kShadowrootmode},
};

bool all_space(std::string_view text) { return text.find_first_not_of(" \t\r\n\f") == text.npos; }

}  // namespace

std::span<const HtmlNodeAttribute> HtmlTree::attributes(std::uint32_t node) const {
  const std::size_t begin = nodes_[node].attributes;
  const std::size_t end =
      node + 1 < nodes_.size() ? nodes_[node + 1].attributes : attributes_.size();
  return std::span(attributes_).subspan(begin, end - begin);
}

std::string_view HtmlTree::attribute(std::uint32_t node, HtmlAttr attribute) const {
  for (const HtmlNodeAttribute& kept : attributes(node)) {
    if (kept.attribute == attribute) return html_.substr(kept.begin, kept.size);
  }
  return {};
}

void HtmlTree::build(std::string_view html, std::size_t max_nodes) {
  html_ = html.substr(0, 0xFFFFFFF0u);
  nodes_.clear();
  attributes_.clear();
  open_.clear();
  innermost_.assign(kChains, 0);
  link_open_ = space_pending_ = body_seen_ = false;

  HtmlTokenizer tokenizer(html_);
  HtmlToken token;
  // Attributes of <html> itself come first if its tag does; a later one has none kept.
  bool more = tokenizer.next(token);
  while (more && (token.kind == HtmlTokenKind::kComment || token.kind == HtmlTokenKind::kDoctype ||
                  (token.kind == HtmlTokenKind::kText && all_space(token.text)))) {
    more = tokenizer.next(token);
  }
  add_node(HtmlTag::kHtml, html_.substr(0, 0));
  if (more && token.kind == HtmlTokenKind::kStartTag && html_tag(token.text) == HtmlTag::kHtml) {
    keep_attributes(token);
    more = tokenizer.next(token);
  }
  push(0, HtmlTag::kHtml, static_cast<std::uint16_t>(HtmlTag::kHtml));
  for (; more && nodes_.size() < max_nodes; more = tokenizer.next(token)) {
    if (token.kind == HtmlTokenKind::kText) {
      add_text(token);
    } else if (token.kind == HtmlTokenKind::kStartTag) {
      start_tag(token, tokenizer);
      tokenizer.set_foreign(scope().foreign != 0);
    } else if (token.kind == HtmlTokenKind::kEndTag) {
      end_tag(token);
      tokenizer.set_foreign(scope().foreign != 0);
    }
  }
  pop_to(0);
}

std::uint32_t HtmlTree::add_node(HtmlTag tag, std::string_view slice) {
  HtmlNode node;
  node.tag = tag;
  node.parent = open_.empty() ? 0 : open_.back().node;
  node.begin = offset(slice);
  node.size = static_cast<std::uint32_t>(slice.size());
  node.attributes = static_cast<std::uint32_t>(attributes_.size());
  nodes_.push_back(node);
  const auto index = static_cast<std::uint32_t>(nodes_.size() - 1);
  nodes_[index].end = index + 1;
  return index;
}

void HtmlTree::keep_attributes(const HtmlToken& token) {
  for (const HtmlAttribute& attribute : token.attributes) {
    if (attribute.name.size() < 2 || attribute.name.size() > 14) continue;
    for (const AttributeName& known : kAttributeNames) {
      if (equals_ignoring_case(attribute.name, known.name)) {
        const bool empty = attribute.value.empty();
        attributes_.push_back({known.attribute, offset(empty ? attribute.name : attribute.value),
                               static_cast<std::uint32_t>(attribute.value.size())});
        break;
      }
    }
  }
}

void HtmlTree::add_text(const HtmlToken& token) {
  const HtmlTag inside = open_.back().tag;
  if (inside == HtmlTag::kScript) {
    // JSON-LD is read from here; other scripts are nothing to us.
    if (attribute(open_.back().node, HtmlAttr::kType).find("json") == std::string_view::npos &&
        !attribute(open_.back().node, HtmlAttr::kType).starts_with("math/tex"))
      return;
  } else if (inside == HtmlTag::kStyle || inside == HtmlTag::kSvg ||
             (inside == HtmlTag::kNoscript && token.content == HtmlContent::kRawtext)) {
    return;
  }
  if (all_space(token.text) && innermost_[static_cast<std::size_t>(HtmlTag::kPre)] == 0) {
    space_pending_ = true;
    return;
  }
  if (inside == HtmlTag::kHead) pop_to(open_.size() - 1);
  const std::uint32_t index = add_node(HtmlTag::kText, token.text);
  HtmlNode& node = nodes_[index];
  node.content = token.content;
  node.in_link = link_open_;
  node.space_before = space_pending_;
  space_pending_ = false;
}

void HtmlTree::push(std::uint32_t node, HtmlTag tag, std::uint16_t chain) {
  const auto index = static_cast<std::uint16_t>(open_.size());
  Open entry{node, tag, innermost_[chain], chain, open_.empty() ? Scope{} : open_.back().scope};
  innermost_[chain] = index;
  Scope& s = entry.scope;
  if (has_behaviour(tag, kTagBlock)) s.block = index;
  if (has_behaviour(tag, kTagBarrier)) {
    s.p = s.li = s.definition = s.button = 0;
    s.barrier = index;
  }
  switch (tag) {
    case HtmlTag::kP:
      s.p = index;
      break;
    case HtmlTag::kLi:
      s.li = index;
      break;
    case HtmlTag::kDt:
    case HtmlTag::kDd:
      s.definition = index;
      break;
    case HtmlTag::kUl:
    case HtmlTag::kOl:
    case HtmlTag::kMenu:
    case HtmlTag::kDir:
      s.li = 0;
      break;
    case HtmlTag::kDl:
      s.definition = 0;
      break;
    case HtmlTag::kTable:
      s.table = index;
      s.cell = s.row = s.section = 0;
      break;
    case HtmlTag::kThead:
    case HtmlTag::kTbody:
    case HtmlTag::kTfoot:
      s.section = index;
      break;
    case HtmlTag::kTr:
      s.row = index;
      break;
    case HtmlTag::kTd:
    case HtmlTag::kTh:
      s.cell = index;
      break;
    case HtmlTag::kButton:
      s.button = index;
      break;
    case HtmlTag::kSvg:
    case HtmlTag::kMath:
      if (s.foreign == 0) s.foreign = index;
      break;
    default:
      break;
  }
  open_.push_back(entry);
}

void HtmlTree::pop_to(std::size_t open_index) {
  const auto end = static_cast<std::uint32_t>(nodes_.size());
  while (open_.size() > open_index) {
    const Open& entry = open_.back();
    nodes_[entry.node].end = end;
    innermost_[entry.chain] = entry.previous_same;
    if (entry.tag == HtmlTag::kA) link_open_ = false;
    open_.pop_back();
  }
}

void HtmlTree::imply_end_tags(HtmlTag tag) {
  if (scope().foreign != 0 && has_behaviour(tag, kTagClosesP)) pop_to(scope().foreign);
  if (has_behaviour(tag, kTagClosesP) && scope().p != 0) pop_to(scope().p);
  switch (tag) {
    case HtmlTag::kLi:
      if (scope().li != 0) pop_to(scope().li);
      break;
    case HtmlTag::kDt:
    case HtmlTag::kDd:
      if (scope().definition != 0) pop_to(scope().definition);
      break;
    case HtmlTag::kTd:
    case HtmlTag::kTh:
      if (scope().cell != 0) pop_to(scope().cell);
      break;
    case HtmlTag::kTr:
      if (scope().row != 0) pop_to(scope().row);
      break;
    case HtmlTag::kThead:
    case HtmlTag::kTbody:
    case HtmlTag::kTfoot:
      if (scope().section != 0) {
        pop_to(scope().section);
      } else if (scope().row != 0) {
        pop_to(scope().row);
      }
      break;
    case HtmlTag::kOption:
    case HtmlTag::kOptgroup:
      if (open_.back().tag == HtmlTag::kOption) pop_to(open_.size() - 1);
      break;
    case HtmlTag::kButton:
      if (scope().button != 0) pop_to(scope().button);
      break;
    case HtmlTag::kA: {
      const std::uint16_t outer = innermost_[static_cast<std::size_t>(HtmlTag::kA)];
      if (link_open_ && outer > scope().block) pop_to(outer);
      break;
    }
    case HtmlTag::kBody: {
      const std::uint16_t head = innermost_[static_cast<std::size_t>(HtmlTag::kHead)];
      if (head != 0) pop_to(head);
      break;
    }
    default:
      if (is_heading(tag) && is_heading(open_.back().tag)) pop_to(open_.size() - 1);
  }
  if (open_.back().tag == HtmlTag::kHead && !has_behaviour(tag, kTagHead)) pop_to(open_.size() - 1);
}

void HtmlTree::start_tag(const HtmlToken& token, HtmlTokenizer& tokenizer) {
  const HtmlTag tag = html_tag(token.text);
  const bool foreign = scope().foreign != 0;
  if (has_behaviour(tag, kTagFormatting)) return;
  if (tag == HtmlTag::kHtml || (tag == HtmlTag::kBody && body_seen_)) return;
  if (tag == HtmlTag::kHead && (body_seen_ || nodes_.size() > 1)) return;
  imply_end_tags(tag);
  if (tag == HtmlTag::kBody) body_seen_ = true;
  if (tag == HtmlTag::kA) link_open_ = true;

  const bool empty =
      has_behaviour(tag, kTagVoid) || (token.self_closing && (foreign || tag == HtmlTag::kIframe));
  const bool raw = tag == HtmlTag::kScript || has_behaviour(tag, kTagRawtext | kTagRcdata);
  if (open_.size() < kMaxDepth || empty || raw) {
    const std::uint32_t node = add_node(tag, token.text);
    keep_attributes(token);
    if (!empty) push(node, tag, chain_of(tag, token.text));
  }
  if (empty || (foreign && tag != HtmlTag::kScript && tag != HtmlTag::kStyle)) return;
  // As a browser that runs scripts reads it; in the body its text may be the page's only one.
  const bool head_noscript = tag == HtmlTag::kNoscript && !body_seen_ &&
                             nodes_[nodes_.back().parent].tag == HtmlTag::kHead;
  if (tag == HtmlTag::kScript) {
    tokenizer.set_content(HtmlContent::kScript, "script");
  } else if (head_noscript) {
    tokenizer.set_content(HtmlContent::kRawtext, "noscript");
  } else if (tag == HtmlTag::kPlaintext) {
    tokenizer.set_content(HtmlContent::kPlaintext, {});
  } else if (has_behaviour(tag, kTagRawtext)) {
    tokenizer.set_content(HtmlContent::kRawtext, html_tag_name(tag));
  } else if (has_behaviour(tag, kTagRcdata)) {
    tokenizer.set_content(HtmlContent::kRcdata, html_tag_name(tag));
  }
}

void HtmlTree::end_tag(const HtmlToken& token) {
  const HtmlTag tag = html_tag(token.text);
  if (has_behaviour(tag, kTagFormatting | kTagVoid)) {
    if (tag == HtmlTag::kBr) add_node(tag, token.text);
    return;
  }
  // What follows the body's end still belongs to it.
  if (tag == HtmlTag::kHtml || tag == HtmlTag::kBody) return;
  if (tag == HtmlTag::kA) link_open_ = false;
  std::uint16_t at = innermost_[chain_of(tag, token.text)];
  if (tag == HtmlTag::kUnknown) {
    while (at != 0) {
      const HtmlNode& node = nodes_[open_[at].node];
      if (text(node).size() == token.text.size() && text(node) == token.text) break;
      at = open_[at].previous_same;
    }
  }
  if (at == 0) return;
  const Scope& s = scope();
  const std::uint16_t barrier = has_behaviour(tag, kTagTable) ? s.table : s.barrier;
  if (at < barrier) return;
  const bool is_inline = !has_behaviour(tag, kTagBlock | kTagNoText);
  if (is_inline && at < s.block && tag != HtmlTag::kUnknown) return;
  pop_to(at);
}

}  // namespace pith
