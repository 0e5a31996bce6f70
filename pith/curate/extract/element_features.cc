#include <algorithm>
#include <bit>

#include "pith/base/hash.h"
#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/cue_words.h"

// The part of BlockMeasurer that looks at elements: sums, cues, flags, and which are alike.
namespace pith {
namespace {

using namespace element_flags;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; }

// Calls visit(begin, end, joined) for the words of a name: runs of letters, with an end also before
// a capital as camelCase has it; `joined` says that nothing or only one "-" or "_" stands between
// it and the word before.
template <class Visit>
void name_words(std::string_view name, const Visit& visit) {
  std::size_t previous_end = name.npos - 8;
  for (std::size_t at = 0; at < name.size();) {
    if (!is_letter(name[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < name.size() && is_letter(name[end]) &&
           !(is_upper(name[end]) && !is_upper(name[end - 1]))) {
      ++end;
    }
    const bool joined = at == previous_end ||
                        (at == previous_end + 1 && (name[at - 1] == '-' || name[at - 1] == '_'));
    visit(at, end, joined);
    previous_end = end;
    at = end;
  }
}

constexpr std::size_t kLongestName = 400;  // bytes of a class that are looked at

// Calls visit(hash) for the words of a name and its pairs of joined words ("main-content").
template <class Visit>
void name_hashes(std::string_view name, const Visit& visit) {
  name = name.substr(0, kLongestName);
  std::uint64_t before = 0;
  name_words(name, [&](std::size_t begin, std::size_t end, bool joined) {
    std::uint64_t hash = kCueHashStart;
    std::uint64_t pair = joined ? cue_hash_step(before, '-') : 0;
    for (std::size_t i = begin; i < end; ++i) {
      hash = cue_hash_step(hash, lower(name[i]));
      if (joined) pair = cue_hash_step(pair, lower(name[i]));
    }
    visit(hash);
    if (joined) visit(pair);
    before = hash;
  });
}

std::uint32_t around_flag(HtmlTag tag, bool in_article) {
  switch (tag) {
    case HtmlTag::kNav:
      return kNav;
    case HtmlTag::kHeader:
      return in_article ? kInnerHeader : kHeader;
    case HtmlTag::kFooter:
      return in_article ? kInnerFooter : kFooter;
    case HtmlTag::kAside:
      return kAside;
    case HtmlTag::kForm:
      return kForm;
    case HtmlTag::kMain:
      return kMain;
    case HtmlTag::kArticle:
      return kArticle;
    case HtmlTag::kSection:
      return kSection;
    case HtmlTag::kTable:
      return kTable;
    case HtmlTag::kFigure:
      return kFigure;
    case HtmlTag::kDetails:
      return kDetails;
    case HtmlTag::kA:
      return kLink;
    case HtmlTag::kNoscript:
      return kNoscript;
    case HtmlTag::kDialog:
      return kHidden;
    default:
      return 0;
  }
}

std::uint32_t role_flag(std::string_view role) {
  if (role == "navigation" || role == "menu" || role == "menubar") return kNav;
  if (role == "banner") return kHeader;
  if (role == "contentinfo") return kFooter;
  if (role == "complementary") return kAside;
  if (role == "main") return kMain;
  if (role == "article") return kArticle;
  if (role == "search") return kForm;
  if (role == "dialog" || role == "alertdialog") return kHidden;
  return 0;
}

bool hides(std::string_view style) {
  for (std::size_t at = style.find("display"); at != style.npos;
       at = style.find("display", at + 7)) {
    std::string_view rest = style.substr(at + 7, 16);
    rest.remove_prefix(std::min(rest.find_first_not_of(" :"), rest.size()));
    if (rest.starts_with("none")) return true;
  }
  return style.find("visibility:hidden") != style.npos;
}

bool may_be_item(HtmlTag tag) {
  switch (tag) {
    case HtmlTag::kDiv:
    case HtmlTag::kLi:
    case HtmlTag::kArticle:
    case HtmlTag::kSection:
    case HtmlTag::kTr:
    case HtmlTag::kTable:
    case HtmlTag::kTbody:
    case HtmlTag::kDl:
    case HtmlTag::kUl:
    case HtmlTag::kFigure:
    case HtmlTag::kDetails:
    case HtmlTag::kTd:
      return true;
    default:
      return false;
  }
}

}  // namespace

void BlockMeasurer::cue_tokens(const HtmlTree& tree, std::uint32_t node,
                               std::vector<std::string>& out) {
  for (const HtmlAttr attribute : {HtmlAttr::kClass, HtmlAttr::kId, HtmlAttr::kRole}) {
    const std::string_view name = tree.attribute(node, attribute).substr(0, kLongestName);
    std::string before;
    name_words(name, [&](std::size_t begin, std::size_t end, bool joined) {
      std::string word;
      for (std::size_t i = begin; i < end; ++i) word += lower(name[i]);
      if (joined) out.push_back(before + "-" + word);
      out.push_back(word);
      before = word;
    });
  }
}

// Sums, cues and flags of every element: one pass up and one down.
void BlockMeasurer::measure_elements(const HtmlTree& tree, const TextBlocks& blocks) {
  const auto nodes = tree.nodes();
  const std::size_t n = nodes.size();
  sums_.assign(n, {});
  inherited_.assign(n, {});
  block_parent_.assign(n, 0);
  wider_.assign(n, 0);
  signature_.assign(n, 0);
  mains_ = 0;
  for (const TextBlock& block : blocks.blocks) {
    ElementSums& sums = sums_[block.node];
    sums.words += block.stats.words;
    sums.link_words += block.stats.link_words;
    ++sums.blocks;
  }
  std::size_t elements = 1;
  for (std::size_t i = n; i-- > 1;) {
    if (nodes[i].tag == HtmlTag::kText) continue;
    ++elements;
    ElementSums& above = sums_[nodes[i].parent];
    above.words += sums_[i].words;
    above.link_words += sums_[i].link_words;
    above.blocks += sums_[i].blocks;
  }
  const std::size_t slots = std::bit_ceil(2 * elements + 2);
  signatures_.assign(slots, {});

  for (std::uint32_t i = 0; i < n; ++i) {
    const HtmlNode& node = nodes[i];
    if (node.tag == HtmlTag::kText) continue;
    if (i != 0) {
      const bool block_above = has_behaviour(nodes[node.parent].tag, kTagBlock);
      block_parent_[i] = block_above ? node.parent : block_parent_[node.parent];
      const std::uint32_t above = block_parent_[i];
      wider_[i] = sums_[above].blocks > sums_[i].blocks ? above : wider_[above];
    }
    if (sums_[i].blocks == 0 && node.tag != HtmlTag::kA) continue;  // nothing to inherit below

    std::string_view names[3];
    std::uint32_t flags = 0;
    for (const HtmlNodeAttribute& kept : tree.attributes(i)) {
      const std::string_view value = tree.html().substr(kept.begin, kept.size);
      switch (kept.attribute) {
        case HtmlAttr::kClass:
          names[0] = value;
          break;
        case HtmlAttr::kId:
          names[1] = value;
          break;
        case HtmlAttr::kRole:
          names[2] = value;
          flags |= role_flag(value);
          break;
        case HtmlAttr::kHidden:
          flags |= kHidden;
          break;
        case HtmlAttr::kAriaHidden:
          if (value == "true") flags |= kHidden;
          break;
        case HtmlAttr::kStyle:
          if (hides(value)) flags |= kHidden;
          break;
        default:
          break;
      }
    }
    const std::uint64_t hash =
        hash64(names[0], 1 + static_cast<std::uint64_t>(node.tag)) ^ (hash64(names[2], 7) << 1);
    std::size_t slot = mix64(hash) & (slots - 1);
    while (signatures_[slot].count != 0 && signatures_[slot].hash != hash) {
      slot = (slot + 1) & (slots - 1);
    }
    Signature& signature = signatures_[slot];
    signature_[i] = static_cast<std::uint32_t>(slot);
    if (signature.count == 0) {
      signature.hash = hash;
      for (const std::string_view name : {names[0], names[2]}) {
        name_hashes(name, [&](std::uint64_t word) { signature.cue += name_cue(word); });
      }
    }
    ++signature.count;
    signature.words += sums_[i].words;
    float cue = signature.cue;
    name_hashes(names[1], [&](std::uint64_t word) { cue += name_cue(word); });

    Inherited own = i == 0 ? Inherited{} : inherited_[node.parent];
    flags |= around_flag(node.tag, (own.flags & (kArticle | kMain)) != 0);
    if ((flags & kMain) != 0) ++mains_;
    if ((flags & (kArticle | kMain)) != 0) {
      own.article = i;
      own.flags &= ~static_cast<std::uint32_t>(kHeader | kFooter);
    }
    own.flags |= flags;
    own.cue_own = cue;
    own.cue_sum += cue;
    own.cue_min = std::min(own.cue_min, cue);
    own.cue_max = std::max(own.cue_max, cue);
    ++own.depth;
    inherited_[i] = own;
  }
  // Items need the final counts.
  for (std::uint32_t i = 1; i < n; ++i) {
    if (nodes[i].tag == HtmlTag::kText || sums_[i].blocks == 0) continue;
    const bool item = may_be_item(nodes[i].tag) && signatures_[signature_[i]].count >= 3;
    inherited_[i].item = item ? i : inherited_[nodes[i].parent].item;
  }
}

}  // namespace pith
