#include "pith/curate/extract/block_features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <type_traits>

#include "pith/base/hash.h"
#include "pith/curate/extract/cue_words.h"

namespace pith {
namespace {

using namespace element_flags;

bool is_letter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
float log1(float x) { return std::log1p(x); }
float log1(std::size_t x) { return std::log1p(static_cast<float>(x)); }
float share(float part, float whole) { return whole > 0 ? part / whole : 0.0f; }
template <class Count>
requires std::is_integral_v<Count>
float share(Count part, Count whole) {
  return share(static_cast<float>(part), static_cast<float>(whole));
}

// Calls visit(hash) for the words of a text: runs of ASCII letters, lower-cased, and other bytes.
template <class Visit>
void text_hashes(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto in_word = [&](char c) {
      return is_letter(c) || static_cast<unsigned char>(c) >= 128;
    };
    if (!in_word(text[at])) {
      ++at;
      continue;
    }
    std::uint64_t hash = kCueHashStart;
    for (; at < text.size() && in_word(text[at]); ++at) hash = cue_hash_step(hash, lower(text[at]));
    visit(hash);
  }
}

}  // namespace

std::string_view block_feature_name(std::size_t feature) {
  static constexpr std::array<std::string_view, kBlockFeatureCount> kNames = {
#define PITH_BLOCK_FEATURE_NAME(id) #id,
      PITH_BLOCK_FEATURES(PITH_BLOCK_FEATURE_NAME)
#undef PITH_BLOCK_FEATURE_NAME
  };
  return kNames[feature];
}

void HashCounts::reset(std::size_t expected) {
  slots_.assign(std::bit_ceil(2 * expected + 2), {0, 0});
}

void HashCounts::add(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mix64(hash) & mask;
  for (std::size_t tries = 0; tries < 64; ++tries, slot = (slot + 1) & mask) {
    if (slots_[slot].second == 0 || slots_[slot].first == hash) {
      slots_[slot].first = hash;
      ++slots_[slot].second;
      return;
    }
  }
}

std::uint32_t HashCounts::count(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mix64(hash) & mask;
  for (std::size_t tries = 0; tries < 64 && slots_[slot].second != 0; ++tries) {
    if (slots_[slot].first == hash) return slots_[slot].second;
    slot = (slot + 1) & mask;
  }
  return 0;
}

std::uint32_t BlockMeasurer::around(std::size_t block, int k) const {
  std::uint32_t node = block_node_[block];
  for (int i = 1; i < k && node != 0; ++i) node = wider_[node];
  return node;
}

void BlockMeasurer::measure(const HtmlTree& tree, const TextBlocks& blocks,
                            const PageHints& hints) {
  block_count_ = blocks.blocks.size();
  values_.assign(kBlockFeatureCount * block_count_, 0.0f);
  block_node_.resize(block_count_);
  for (std::size_t b = 0; b < block_count_; ++b) block_node_[b] = blocks.blocks[b].node;
  measure_elements(tree, blocks);
  measure_blocks(tree, blocks, hints);
  measure_surroundings(blocks);
  measure_context(blocks);
  measure_page(blocks, hints);
}

void BlockMeasurer::measure_blocks(const HtmlTree& tree, const TextBlocks& blocks,
                                   const PageHints& hints) {
  using F = BlockFeature;
  const auto nodes = tree.nodes();
  HashCounts& title = title_words_;
  title.reset(64);
  text_hashes(std::string_view(hints.metadata.title).substr(0, 300),
              [&](std::uint64_t word) { title.add(word); });
  HashCounts& hinted = hinted_;
  const std::string_view body = std::string_view(hints.body).substr(0, 400000);
  hinted.reset(body.size() / 4 + 16);
  std::uint64_t shingle = 0;
  text_hashes(body, [&](std::uint64_t word) {
    shingle = (shingle << 16) ^ (word & 0xFFFFFFFFFFFFu);
    hinted.add(mix64(shingle));
  });
  repeats_.reset(block_count_ + 1);
  text_hashes_.resize(block_count_);
  text_cue_.resize(block_count_);
  likeness_.resize(block_count_);

  for (std::size_t b = 0; b < block_count_; ++b) {
    const TextBlock& block = blocks.blocks[b];
    const TextStats& stats = block.stats;
    const std::string_view text = blocks.of(block);
    const HtmlTag tag = nodes[block.node].tag;
    at(F::kWords, b) = log1(stats.words);
    at(F::kWordLength, b) = std::min(40.0f, share(static_cast<float>(stats.letters), stats.words));
    at(F::kLinkDensity, b) = share(stats.link_words, stats.words);
    at(F::kCapitals, b) = share(stats.capitals, stats.letters);
    at(F::kDigits, b) = share(stats.digits, stats.letters + stats.digits);
    at(F::kCommas, b) = log1(std::size_t{stats.commas});
    at(F::kSentenceEnds, b) = log1(std::size_t{stats.sentence_ends});
    at(F::kBars, b) = log1(std::size_t{stats.bars});
    at(F::kEndsSentence, b) = text.ends_with('.') || text.ends_with('!') || text.ends_with('?') ||
                              text.ends_with("\xE3\x80\x82") || text.ends_with("\xEF\xBC\x81") ||
                              text.ends_with("\xEF\xBC\x9F");
    at(F::kEndsColon, b) = text.ends_with(':') || text.ends_with("\xEF\xBC\x9A");
    at(F::kCurrency, b) = text.find('$') != text.npos || text.find("\xE2\x82\xAC") != text.npos ||
                          text.find("\xC2\xA3") != text.npos || text.find("\xC2\xA5") != text.npos;
    at(F::kCopyright, b) = text.find("\xC2\xA9") != text.npos;
    at(F::kHeading, b) = block.heading;
    at(F::kIsItem, b) = block.list_start;
    at(F::kIsRow, b) = block.kind == BlockKind::kRow;
    at(F::kIsCode, b) = block.kind == BlockKind::kCode;
    at(F::kIsP, b) = tag == HtmlTag::kP;
    at(F::kIsDiv, b) = tag == HtmlTag::kDiv;
    at(F::kIsCell, b) = tag == HtmlTag::kTd || tag == HtmlTag::kTh;
    at(F::kIsButton, b) = tag == HtmlTag::kButton;
    at(F::kIsLabel, b) = tag == HtmlTag::kLabel || tag == HtmlTag::kLegend;
    at(F::kIsCaption, b) = tag == HtmlTag::kFigcaption || tag == HtmlTag::kCaption;
    at(F::kIsTerm, b) = tag == HtmlTag::kDt ? 1.0f : tag == HtmlTag::kDd ? 2.0f : 0.0f;
    at(F::kIsSummary, b) = tag == HtmlTag::kSummary;
    at(F::kIsQuote, b) = tag == HtmlTag::kBlockquote;
    at(F::kListDepth, b) = block.list_depth;

    float cue_sum = 0, cue_min = 0;
    std::size_t words = 0, in_title = 0, in_hint = 0;
    std::uint64_t window = 0;
    text_hashes(text, [&](std::uint64_t word) {
      const float cue = text_cue(word);
      cue_sum += cue;
      cue_min = std::min(cue_min, cue);
      ++words;
      in_title += title.count(word) > 0;
      window = (window << 16) ^ (word & 0xFFFFFFFFFFFFu);
      in_hint += words >= 4 && hinted.count(mix64(window)) > 0;
    });
    text_cue_[b] = share(cue_sum, std::sqrt(static_cast<float>(words)));
    at(F::kTextCue, b) = text_cue_[b];
    at(F::kTextCueMin, b) = cue_min;
    at(F::kTitleOverlap, b) = share(in_title, words);
    at(F::kHintOverlap, b) = words >= 4 ? share(in_hint, words - 3) : 0.0f;
    text_hashes_[b] = hash64(text);
    repeats_.add(text_hashes_[b]);

    const std::uint32_t above = block_parent_[block.node];
    const Inherited& here = inherited_[block.node];
    at(F::kCueSum, b) = here.cue_sum;
    at(F::kCueMin, b) = here.cue_min;
    at(F::kCueMax, b) = here.cue_max;
    at(F::kCueOwn, b) = here.cue_own;
    at(F::kCueParent, b) = inherited_[above].cue_own;
    at(F::kCueGrandparent, b) = inherited_[block_parent_[above]].cue_own;
    at(F::kDepth, b) = here.depth;
    const auto flag = [&](std::uint32_t bit) { return (here.flags & bit) != 0 ? 1.0f : 0.0f; };
    at(F::kInNav, b) = flag(kNav);
    at(F::kInHeader, b) = std::max(flag(kHeader), 0.5f * flag(kInnerHeader));
    at(F::kInFooter, b) = std::max(flag(kFooter), 0.5f * flag(kInnerFooter));
    at(F::kInAside, b) = flag(kAside);
    at(F::kInForm, b) = flag(kForm);
    at(F::kInMain, b) = flag(kMain);
    at(F::kInArticle, b) = flag(kArticle);
    at(F::kInSection, b) = flag(kSection);
    at(F::kInTable, b) = flag(kTable);
    at(F::kInFigure, b) = flag(kFigure);
    at(F::kInDetails, b) = flag(kDetails);
    at(F::kInLink, b) = flag(kLink);
    at(F::kInHidden, b) = flag(kHidden);
    at(F::kInNoscript, b) = flag(kNoscript);
    likeness_[b] = static_cast<std::uint32_t>(mix64(signatures_[signature_[block.node]].hash * 31 +
                                                    signatures_[signature_[above]].hash) >>
                                              33);
  }
}

// The elements around each block.
void BlockMeasurer::measure_surroundings(const TextBlocks& blocks) {
  using F = BlockFeature;
  const float page_words = sums_[0].words;
  const auto level = [&](std::size_t b, std::uint32_t node, F words, F links, F part) {
    const ElementSums& sums = sums_[node];
    at(words, b) = log1(sums.words);
    at(links, b) = share(sums.link_words, sums.words);
    at(part, b) = share(sums.words, page_words);
  };
  for (std::size_t b = 0; b < block_count_; ++b) {
    const std::uint32_t first = blocks.blocks[b].node;
    const std::uint32_t second = wider_[first];
    const std::uint32_t third = wider_[second];
    const std::uint32_t fifth = wider_[wider_[third]];
    const std::uint32_t eighth = wider_[wider_[wider_[fifth]]];
    level(b, first, F::kWords1, F::kLinks1, F::kShare1);
    level(b, second, F::kWords2, F::kLinks2, F::kShare2);
    level(b, third, F::kWords3, F::kLinks3, F::kShare3);
    level(b, fifth, F::kWords5, F::kLinks5, F::kShare5);
    level(b, eighth, F::kWords8, F::kLinks8, F::kShare8);
    at(F::kBlocks1, b) = log1(std::size_t{sums_[first].blocks});
    at(F::kBlocks2, b) = log1(std::size_t{sums_[second].blocks});
    at(F::kBlocks3, b) = log1(std::size_t{sums_[third].blocks});
    at(F::kBlocks5, b) = log1(std::size_t{sums_[fifth].blocks});
    const std::uint32_t article = inherited_[first].article;
    at(F::kArticleShare, b) = article == 0 ? 0.0f : share(sums_[article].words, page_words);

    at(F::kNodeRepeats, b) = log1(std::size_t{signatures_[signature_[first]].count});
    at(F::kParentRepeats, b) =
        log1(std::size_t{signatures_[signature_[block_parent_[first]]].count});
    const std::uint32_t item = inherited_[first].item;
    if (item != 0) {
      const Signature& signature = signatures_[signature_[item]];
      at(F::kItemRepeats, b) = log1(std::size_t{signature.count});
      at(F::kItemWords, b) = log1(signature.words / static_cast<float>(signature.count));
      at(F::kItemLinks, b) = share(sums_[item].link_words, sums_[item].words);
      at(F::kItemShare, b) = std::min(1.0f, share(signature.words, page_words));
    }
  }
}

// Place on the page, headings before, neighbours.
void BlockMeasurer::measure_context(const TextBlocks& blocks) {
  using F = BlockFeature;
  const float page_words = sums_[0].words;
  float words_before = 0;
  std::size_t first_h1 = block_count_, last_heading = block_count_;
  for (std::size_t b = 0; b < block_count_; ++b) {
    const TextBlock& block = blocks.blocks[b];
    at(F::kPlace, b) = share(b, block_count_);
    at(F::kIndex, b) = log1(b);
    at(F::kWordsBefore, b) = share(words_before, page_words);
    words_before += block.stats.words;
    at(F::kWordsAfter, b) = log1(page_words - words_before);
    if (first_h1 == block_count_ && block.heading == 1) first_h1 = b;
    at(F::kAfterH1, b) = first_h1 < block_count_ ? 1.0f : 0.0f;
    at(F::kSinceH1, b) = first_h1 < block_count_ ? log1(b - first_h1) : -1.0f;
    at(F::kSinceHeading, b) = last_heading < block_count_ ? log1(b - last_heading) : -1.0f;
    if (last_heading < block_count_) {
      at(F::kLastHeading, b) = blocks.blocks[last_heading].heading;
      at(F::kLastHeadingCue, b) = text_cue_[last_heading];
      at(F::kLastHeadingPlaceCue, b) = at(F::kCueSum, last_heading);
    }
    if (block.heading != 0) last_heading = b;
    at(F::kTextRepeats, b) = log1(std::size_t{repeats_.count(text_hashes_[b])});

    const auto words = [&](std::size_t other) { return log1(blocks.blocks[other].stats.words); };
    const auto links = [&](std::size_t other) {
      return share(blocks.blocks[other].stats.link_words, blocks.blocks[other].stats.words);
    };
    if (b >= 1) {
      at(F::kPrevWords, b) = words(b - 1);
      at(F::kPrevLinks, b) = links(b - 1);
      at(F::kPrevHeading, b) = blocks.blocks[b - 1].heading;
      at(F::kPrevSame, b) = likeness_[b - 1] == likeness_[b];
      at(F::kPrevCue, b) = text_cue_[b - 1];
    }
    if (b >= 2) {
      at(F::kPrev2Words, b) = words(b - 2);
      at(F::kPrev2Links, b) = links(b - 2);
    }
    if (b + 1 < block_count_) {
      at(F::kNextWords, b) = words(b + 1);
      at(F::kNextLinks, b) = links(b + 1);
      at(F::kNextHeading, b) = blocks.blocks[b + 1].heading;
      at(F::kNextSame, b) = likeness_[b + 1] == likeness_[b];
      at(F::kNextCue, b) = text_cue_[b + 1];
    }
    if (b + 2 < block_count_) {
      at(F::kNext2Words, b) = words(b + 2);
      at(F::kNext2Links, b) = links(b + 2);
    }
  }
}

// What is equal for all blocks of a page.
void BlockMeasurer::measure_page(const TextBlocks& blocks, const PageHints& hints) {
  using F = BlockFeature;
  float prose = 0;
  for (std::size_t b = 0; b < block_count_; ++b) {
    const TextBlock& block = blocks.blocks[b];
    if (block.stats.words >= 15 && block.stats.link_words < 0.3f * block.stats.words) {
      prose += block.stats.words;
    }
  }
  const float kind = hints.ld_forum     ? 6.0f
                     : hints.ld_product ? 5.0f
                     : hints.og_product ? 4.0f
                     : hints.ld_article ? 3.0f
                     : hints.og_article ? 2.0f
                     : hints.ld_list    ? -1.0f
                     : hints.og_website ? 1.0f
                                        : 0.0f;
  const auto fill = [&](F feature, float value) {
    for (std::size_t b = 0; b < block_count_; ++b) at(feature, b) = value;
  };
  fill(F::kPageProse, share(prose, sums_[0].words));
  fill(F::kPageMain, log1(mains_));
  fill(F::kPageKind, kind);
}

}  // namespace pith
