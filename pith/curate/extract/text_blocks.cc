#include "pith/curate/extract/text_blocks.h"

#include <algorithm>
#include <array>

#include "pith/curate/extract/formula_text.h"

namespace pith {
namespace {

enum CharClass : std::uint8_t { kOther, kLetter, kCapital, kDigit, kSpace, kComma, kStop, kBar };

constexpr std::array<std::uint8_t, 128> kAscii = [] {
  std::array<std::uint8_t, 128> classes{};
  for (char c = 'a'; c <= 'z'; ++c) classes[static_cast<unsigned char>(c)] = kLetter;
  for (char c = 'A'; c <= 'Z'; ++c) classes[static_cast<unsigned char>(c)] = kCapital;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<unsigned char>(c)] = kDigit;
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) {
    classes[static_cast<unsigned char>(c)] = kSpace;
  }
  classes['_'] = kLetter;
  classes[','] = kComma;
  for (const char c : {'.', '!', '?'}) classes[static_cast<unsigned char>(c)] = kStop;
  classes['|'] = kBar;
  return classes;
}();

bool is_space(char c) {
  return static_cast<unsigned char>(c) < 128 && kAscii[static_cast<unsigned char>(c)] == kSpace;
}

// Length of the code point at `at` by its first byte, within the text.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i]));
  };
  if (length == 2) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (length == 3) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  if (length == 4) return 0x10000 | (byte(1) & 0x3F) << 12;  // which plane does not matter here
  return byte(0);
}

// Whether a <noscript> holds no more than a request to switch scripts on.
bool is_short_notice(const HtmlTree& tree, std::uint32_t noscript) {
  constexpr std::uint32_t kMostBytes = 300, kMostNodes = 60;
  const auto nodes = tree.nodes();
  std::uint32_t bytes = 0;
  if (nodes[noscript].end - noscript > kMostNodes) return false;
  for (std::uint32_t i = noscript + 1; i < nodes[noscript].end; ++i) {
    if (nodes[i].tag == HtmlTag::kText) bytes += nodes[i].size;
  }
  return bytes <= kMostBytes;
}

bool is_ideographic(std::uint32_t c) {
  return (c >= 0x3040 && c < 0xA000 && c != 0x30FB) || (c >= 0xF900 && c < 0xFB00) ||
         (c >= 0xAC00 && c < 0xD7B0) || c == 0x3005;
}

}  // namespace

bool is_permalink_mark(std::string_view text) {
  return text == "\xC2\xB6" || text == "#" || text == "\xC2\xA7" || text == "&para;" ||
         text == "&#182;" || text == "\xEF\x83\x81";
}

void count_text(std::string_view text, bool in_link, TextStats& stats) {
  bool in_word = false;
  float words = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 128) {
      ++at;
      switch (kAscii[c]) {
        case kLetter:
          ++stats.letters;
          words += in_word ? 0.0f : 1.0f;
          in_word = true;
          break;
        case kCapital:
          ++stats.letters, ++stats.capitals;
          words += in_word ? 0.0f : 1.0f;
          in_word = true;
          break;
        case kDigit:
          ++stats.digits;
          words += in_word ? 0.0f : 1.0f;
          in_word = true;
          break;
        case kComma:
          ++stats.commas, in_word = false;
          break;
        case kStop:
          // A dot inside "3.5" or "e.g" ends no sentence.
          if (at >= text.size() ||
              !(kAscii[static_cast<unsigned char>(text[at]) & 127] <= kDigit &&
                kAscii[static_cast<unsigned char>(text[at]) & 127] != kOther)) {
            ++stats.sentence_ends;
          }
          in_word = false;
          break;
        case kBar:
          ++stats.bars, in_word = false;
          break;
        default:
          in_word = false;
      }
      continue;
    }
    const std::size_t length = utf8_length(text, at);
    const std::uint32_t code = code_point(text, at, length);
    at += length;
    if (is_ideographic(code)) {
      words += 0.6f;
      ++stats.letters;
      in_word = false;
    } else if (code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0x2026) {
      ++stats.sentence_ends, in_word = false;
    } else if (code == 0xFF0C || code == 0x3001) {
      ++stats.commas, in_word = false;
    } else if (code == 0xBB || code == 0xAB || code == 0x203A || code == 0xB7 || code == 0x2022) {
      ++stats.bars, in_word = false;
    } else if (code < 0xC0 || (code >= 0x2000 && code < 0x2C00) ||
               (code >= 0x3000 && code < 0x3040) || (code >= 0xFF00 && code < 0xFF10)) {
      in_word = false;
    } else {
      ++stats.letters;
      words += in_word ? 0.0f : 1.0f;
      in_word = true;
    }
  }
  stats.words += words;
  if (in_link) stats.link_words += words;
}

// A row is one block when none of its cells holds more than a little block structure.
void BlockFinder::measure_rows(const HtmlTree& tree) {
  const auto nodes = tree.nodes();
  blocks_inside_.assign(nodes.size(), 0);
  for (std::size_t i = nodes.size(); i-- > 1;) {
    const HtmlNode& node = nodes[i];
    if (node.tag == HtmlTag::kText) continue;
    std::uint32_t count = blocks_inside_[i];
    std::uint16_t& above = blocks_inside_[node.parent];
    if (node.tag == HtmlTag::kTd || node.tag == HtmlTag::kTh) {
      above = std::max(above, static_cast<std::uint16_t>(count));
      continue;
    }
    if (node.tag == HtmlTag::kTable || is_heading(node.tag) || node.tag == HtmlTag::kPre)
      count += 8;
    if (has_behaviour(node.tag, kTagBlock)) ++count;
    above = static_cast<std::uint16_t>(std::min<std::uint32_t>(above + count, 60000));
  }
}

void BlockFinder::find(const HtmlTree& tree, TextBlocks& out) {
  tree_ = &tree;
  out_ = &out;
  out.text.clear();
  out.blocks.clear();
  stack_.clear();
  pending_open_ = space_due_ = cell_due_ = item_due_ = false;
  breaks_ = 0;
  measure_rows(tree);
  const auto nodes = tree.nodes();
  stack_.push_back(
      {0, static_cast<std::uint32_t>(nodes.size()), HtmlTag::kHtml, 0, 0, 0, false, false});
  for (std::uint32_t i = 1; i < nodes.size();) {
    while (stack_.back().end <= i) leave();
    const HtmlNode& node = nodes[i];
    if (node.tag == HtmlTag::kText) {
      append_text(i++);
      continue;
    }
    const bool shadow = node.tag == HtmlTag::kTemplate &&
                        tree.attribute(i, HtmlAttr::kShadowrootmode).data() != nullptr;
    const bool notice = node.tag == HtmlTag::kNoscript && is_short_notice(tree, i);
    if (is_drawn_formula(tree, i)) {
      i = node.end;
    } else if (is_formula(tree, i)) {
      append_formula(i);
      i = node.end;
    } else if ((has_behaviour(node.tag, kTagNoText) && !shadow) || node.tag == HtmlTag::kTitle ||
               notice) {
      space_due_ = space_due_ || node.tag == HtmlTag::kSelect;
      i = node.end;
    } else if (node.tag == HtmlTag::kBr) {
      line_break();
      ++i;
    } else if (has_behaviour(node.tag, kTagBlock)) {
      enter(i++);
    } else {
      // Two links or spans that touch are seen apart on the page.
      const bool apart = (node.tag == HtmlTag::kA || node.tag == HtmlTag::kSpan) &&
                         !stack_.back().in_pre && nodes[i - 1].tag == HtmlTag::kText &&
                         nodes[nodes[i - 1].parent].tag == node.tag &&
                         nodes[nodes[i - 1].parent].end <= i && nodes[i - 1].size > 1;
      space_due_ = space_due_ || apart;
      ++i;
    }
  }
  while (!stack_.empty()) leave();
}

void BlockFinder::enter(std::uint32_t index) {
  const HtmlNode& node = tree_->nodes()[index];
  Context context = stack_.back();
  const bool cell = node.tag == HtmlTag::kTd || node.tag == HtmlTag::kTh;
  if (context.in_row) {
    if (cell) {
      cell_due_ = pending_open_;
    } else {
      space_due_ = true;
    }
  } else if (context.in_pre && node.tag != HtmlTag::kPre) {
    if (pending_open_) append_verbatim("\n");
  } else {
    flush();
  }
  context.node = index;
  context.end = node.end;
  context.tag = node.tag;
  switch (node.tag) {
    case HtmlTag::kBlockquote:
      if (context.quote_depth < 200) ++context.quote_depth;
      break;
    case HtmlTag::kUl:
    case HtmlTag::kOl:
    case HtmlTag::kMenu:
    case HtmlTag::kDir:
      if (context.list_depth < 200) ++context.list_depth;
      context.next_ordinal = node.tag == HtmlTag::kOl ? 1 : 0;
      break;
    case HtmlTag::kLi:
      item_due_ = true;
      ordinal_due_ = take_ordinal();
      break;
    case HtmlTag::kPre:
    case HtmlTag::kXmp:
    case HtmlTag::kListing:
    case HtmlTag::kPlaintext:
      context.in_pre = true;
      break;
    case HtmlTag::kTr:
      context.in_row = context.in_row || blocks_inside_[index] <= 2;
      break;
    default:
      break;
  }
  stack_.push_back(context);
}

std::uint32_t BlockFinder::take_ordinal() {
  for (std::size_t i = stack_.size(); i-- > 0;) {
    const HtmlTag tag = stack_[i].tag;
    if (tag == HtmlTag::kOl) return stack_[i].next_ordinal++;
    if (tag == HtmlTag::kUl || tag == HtmlTag::kMenu || tag == HtmlTag::kDir) return 0;
    if (i + 8 < stack_.size()) return 0;  // an item is near its list
  }
  return 0;
}

// The language that highlighters ask for in the class of <pre> or its <code>: "language-python".
static std::string_view code_language(const HtmlTree& tree, std::uint32_t pre) {
  const std::uint32_t last = std::min(tree.nodes()[pre].end, pre + 3);
  for (std::uint32_t i = pre; i < last; ++i) {
    if (tree.nodes()[i].tag == HtmlTag::kText) continue;
    const std::string_view classes = tree.attribute(i, HtmlAttr::kClass);
    for (const std::string_view mark : {"language-", "lang-", "highlight-source-", "brush: "}) {
      const auto at = classes.find(mark);
      if (at == classes.npos) continue;
      const std::string_view name = classes.substr(at + mark.size());
      return name.substr(0, std::min(name.size(), name.find_first_of(" ;\t\n`&<")));
    }
  }
  return {};
}

void BlockFinder::leave() {
  const Context context = stack_.back();
  if (context.in_row && context.tag != HtmlTag::kTr) {
    space_due_ = true;
  } else if (!(context.in_pre && stack_.size() > 1 && stack_[stack_.size() - 2].in_pre)) {
    flush();
  }
  if (context.tag == HtmlTag::kLi) item_due_ = false;
  stack_.pop_back();
}

void BlockFinder::line_break() {
  if (!pending_open_) return;
  if (stack_.back().in_pre) return append_verbatim("\n");
  if (stack_.back().in_row) {
    space_due_ = true;
    return;
  }
  if (++breaks_ >= 2) flush();
}

void BlockFinder::append_text(std::uint32_t index) {
  const HtmlNode& node = tree_->nodes()[index];
  std::string_view text = tree_->text(node);
  if (node.in_link && is_permalink_mark(text)) return;
  if (text.find_first_of(std::string_view("&\r\0", 3)) != text.npos) {
    decoded_.clear();
    decode_html_text(text, node.content, decoded_);
    std::erase(decoded_, '\0');
    text = decoded_;
  }
  if (stack_.back().in_pre) {
    if (!pending_open_) {
      if (text.starts_with('\n')) text.remove_prefix(1);
      if (text.find_first_not_of(" \n\t") == text.npos) return;
    }
    const std::size_t before = out_->text.size();
    append_verbatim(text);
    count_text(std::string_view(out_->text).substr(before), node.in_link, pending_.stats);
    return;
  }
  space_due_ = space_due_ || node.space_before;
  const std::size_t before = out_->text.size();
  append_collapsed(text);
  if (out_->text.size() > before) {
    count_text(std::string_view(out_->text).substr(before), node.in_link, pending_.stats);
  }
}

void BlockFinder::append_collapsed(std::string_view text) {
  std::string& out = out_->text;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      space_due_ = true;
      ++at;
      continue;
    }
    if (text[at] == '\xC2' && at + 1 < text.size()) {
      if (text[at + 1] == '\xA0') {  // no-break space
        space_due_ = true;
        at += 2;
        continue;
      }
      if (text[at + 1] == '\xAD') {  // soft hyphen
        at += 2;
        continue;
      }
    } else if (text[at] == '\xE2' || text[at] == '\xE3') {
      const std::string_view three = text.substr(at, 3);
      if (three == "\xE2\x80\x8B") {  // zero-width space
        at += 3;
        continue;
      }
      if (three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" || three == "\xE3\x80\x80") {
        space_due_ = true;  // line and paragraph separator, ideographic space
        at += 3;
        continue;
      }
    } else if (text[at] == '\xEF' && text.substr(at, 3) == "\xEF\xBB\xBF") {
      at += 3;
      continue;
    }
    if (!pending_open_) {
      pending_open_ = true;
      pending_.begin = static_cast<std::uint32_t>(out.size());
    } else if (cell_due_) {
      out += " | ";
    } else if (breaks_ > 0) {
      out += '\n';
    } else if (space_due_) {
      out += ' ';
    }
    cell_due_ = space_due_ = false;
    breaks_ = 0;
    std::size_t end = at + 1;
    while (end < text.size() && !is_space(text[end]) && text[end] != '\xC2' &&
           text[end] != '\xE2' && text[end] != '\xE3' && text[end] != '\xEF') {
      ++end;
    }
    out.append(text, at, end - at);
    at = end;
  }
}

void BlockFinder::append_verbatim(std::string_view text) {
  if (!pending_open_) {
    pending_open_ = true;
    pending_.begin = static_cast<std::uint32_t>(out_->text.size());
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0') {
      out_->text += ' ';
      ++at;
    } else {
      out_->text += text[at];
    }
  }
  space_due_ = cell_due_ = false;
  breaks_ = 0;
}

void BlockFinder::append_formula(std::uint32_t index) {
  const HtmlNode& node = tree_->nodes()[index];
  const bool apart = node.begin < 2 || is_space(tree_->html()[node.begin - 2]);  // before the "<"
  space_due_ = space_due_ || apart;
  decoded_ = "$";
  append_formula_tex(*tree_, index, decoded_);
  if (decoded_.size() == 1) return;
  decoded_ += '$';
  const std::size_t before = out_->text.size();
  append_collapsed(decoded_);
  count_text(std::string_view(out_->text).substr(before), false, pending_.stats);
}

void BlockFinder::flush() {
  space_due_ = cell_due_ = false;
  breaks_ = 0;
  if (!pending_open_) return;
  pending_open_ = false;
  std::string& text = out_->text;
  while (text.size() > pending_.begin && is_space(text.back())) text.pop_back();
  if (text.size() == pending_.begin) {
    pending_ = TextBlock{};
    return;
  }
  const Context& context = stack_.back();
  pending_.end = static_cast<std::uint32_t>(text.size());
  pending_.node = context.node;
  pending_.list_depth = context.list_depth;
  pending_.list_start = item_due_;
  pending_.ordinal = item_due_ ? ordinal_due_ : 0;
  pending_.quote_depth = context.quote_depth;
  item_due_ = false;
  if (context.in_pre) {
    pending_.kind = BlockKind::kCode;
    pending_.code_language = code_language(*tree_, context.node);
  } else if (context.in_row) {
    pending_.kind = BlockKind::kRow;
  } else if (pending_.list_start) {
    pending_.kind = BlockKind::kListItem;
  }
  for (std::size_t i = stack_.size(); i-- > 0 && i + 4 > stack_.size();) {
    if (is_heading(stack_[i].tag)) {
      pending_.heading = static_cast<std::uint8_t>(1 + static_cast<int>(stack_[i].tag) -
                                                   static_cast<int>(HtmlTag::kH1));
      pending_.kind = BlockKind::kHeading;
    }
  }
  text += '\n';
  if (out_->blocks.size() < kMaxBlocks) {
    out_->blocks.push_back(pending_);
  } else {
    TextBlock& last = out_->blocks.back();
    last.end = pending_.end;
    last.stats.words += pending_.stats.words;
    last.stats.link_words += pending_.stats.link_words;
  }
  pending_ = TextBlock{};
}

}  // namespace pith
