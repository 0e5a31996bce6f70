#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/curate/extract/html_tree.h"
#include "pith/curate/extract/page_hints.h"
#include "pith/curate/extract/text_blocks.h"

// What can be measured about each block of a page: its text, the elements around it, its
// neighbours, its place, and what the page says about itself. block_model.h decides by it.
namespace pith {

// X(identifier) in the order of the columns. Counts are log(1 + x), shares 0..1.
// clang-format off
#define PITH_BLOCK_FEATURES(X) \
  X(Words) X(WordLength) X(LinkDensity) X(Capitals) X(Digits) X(Commas) X(SentenceEnds) X(Bars) \
  X(EndsSentence) X(EndsColon) X(Currency) X(Copyright) X(Heading) X(IsItem) X(IsRow) X(IsCode) \
  X(IsP) X(IsDiv) X(IsCell) X(IsButton) X(IsLabel) X(IsCaption) X(IsTerm) X(IsSummary) \
  X(IsQuote) X(ListDepth) X(TextCue) X(TextCueMin) X(CueSum) X(CueMin) X(CueMax) X(CueOwn) \
  X(CueParent) X(CueGrandparent) X(Depth) X(InNav) X(InHeader) X(InFooter) X(InAside) X(InForm) \
  X(InMain) X(InArticle) X(InSection) X(InTable) X(InFigure) X(InDetails) X(InLink) X(InHidden) \
  X(InNoscript) X(Words1) X(Links1) X(Share1) X(Blocks1) X(Words2) X(Links2) X(Share2) \
  X(Blocks2) X(Words3) X(Links3) X(Share3) X(Blocks3) X(Words5) X(Links5) X(Share5) X(Blocks5) \
  X(Words8) X(Links8) X(Share8) X(ArticleShare) X(Place) X(WordsBefore) X(WordsAfter) X(Index) \
  X(SinceH1) X(AfterH1) X(SinceHeading) X(LastHeading) X(LastHeadingCue) X(LastHeadingPlaceCue) \
  X(PrevWords) X(PrevLinks) X(PrevHeading) X(PrevSame) X(PrevCue) X(Prev2Words) X(Prev2Links) \
  X(NextWords) X(NextLinks) X(NextHeading) X(NextSame) X(NextCue) X(Next2Words) X(Next2Links) \
  X(NodeRepeats) X(ParentRepeats) X(ItemRepeats) X(ItemWords) X(ItemLinks) X(ItemShare) \
  X(TextRepeats) X(TitleOverlap) X(HintOverlap) X(PageProse) X(PageMain) X(PageKind)
// clang-format on

enum class BlockFeature : std::uint16_t {
#define PITH_BLOCK_FEATURE_ID(id) k##id,
  PITH_BLOCK_FEATURES(PITH_BLOCK_FEATURE_ID)
#undef PITH_BLOCK_FEATURE_ID
};
inline constexpr std::size_t kBlockFeatureCount = 0
#define PITH_BLOCK_FEATURE_ONE(id) +1
    PITH_BLOCK_FEATURES(PITH_BLOCK_FEATURE_ONE)
#undef PITH_BLOCK_FEATURE_ONE
    ;
std::string_view block_feature_name(std::size_t feature);

// Sums over the blocks inside an element.
struct ElementSums {
  float words = 0, link_words = 0;
  std::uint32_t blocks = 0;
};

// What stands around a block: bits of its elements' flags.
namespace element_flags {
enum ElementFlag : std::uint32_t {
  kNav = 1,
  kHeader = 2,
  kFooter = 4,
  kAside = 8,
  kForm = 16,
  kMain = 32,
  kArticle = 64,
  kSection = 128,
  kTable = 256,
  kFigure = 512,
  kDetails = 1024,
  kLink = 2048,
  kHidden = 4096,
  kInnerHeader = 8192,
  kInnerFooter = 16384,
  kNoscript = 32768,
};
}  // namespace element_flags

// How often each of a set of hashes was added.
class HashCounts {
 public:
  void reset(std::size_t expected);
  void add(std::uint64_t hash);
  std::uint32_t count(std::uint64_t hash) const;

 private:
  std::vector<std::pair<std::uint64_t, std::uint32_t>> slots_;  // open addressing, power of two
};

// Measures pages one after another with scratch memory that is kept. Linear time: elements deeper
// than HtmlTree::kMaxDepth do not exist, and every other walk is once over nodes or blocks.
// One thread at a time; results end with the next call.
class BlockMeasurer {
 public:
  void measure(const HtmlTree& tree, const TextBlocks& blocks, const PageHints& hints);

  std::size_t blocks() const { return block_count_; }
  // The column of a feature, one value a block.
  std::span<const float> column(std::size_t feature) const {
    return std::span(values_).subspan(feature * block_count_, block_count_);
  }
  // The k-th element around a block (1: the innermost), skipping those that hold no more than the
  // one before; 0 when there is none.
  std::uint32_t around(std::size_t block, int k) const;
  std::size_t nodes() const { return block_parent_.size(); }
  // The nearest block-level element around a node; 0 for what stands in <html> itself.
  std::uint32_t block_parent(std::uint32_t node) const { return block_parent_[node]; }
  // Equal for blocks of elements that are written alike (tag and class, with their parent's).
  std::uint32_t likeness(std::size_t block) const { return likeness_[block]; }
  const ElementSums& sums(std::uint32_t node) const { return sums_[node]; }

  // The words that cues are looked up by, for training: in class, id and role of an element.
  static void cue_tokens(const HtmlTree& tree, std::uint32_t node, std::vector<std::string>& out);

 private:
  struct Inherited {
    float cue_sum = 0, cue_min = 0, cue_max = 0, cue_own = 0;
    std::uint32_t flags = 0;
    std::uint16_t depth = 0;
    std::uint32_t item = 0;     // nearest element around that is one of at least three alike
    std::uint32_t article = 0;  // nearest <article> or <main>
  };
  void measure_elements(const HtmlTree& tree, const TextBlocks& blocks);
  void measure_blocks(const HtmlTree& tree, const TextBlocks& blocks, const PageHints& hints);
  void measure_surroundings(const TextBlocks& blocks);
  void measure_context(const TextBlocks& blocks);
  void measure_page(const TextBlocks& blocks, const PageHints& hints);
  float& at(BlockFeature feature, std::size_t block) {
    return values_[static_cast<std::size_t>(feature) * block_count_ + block];
  }

  std::size_t block_count_ = 0;
  std::vector<float> values_;
  std::vector<ElementSums> sums_;            // by node
  std::vector<Inherited> inherited_;         // by node
  std::vector<std::uint32_t> block_parent_;  // by node: nearest block-level element around it
  std::vector<std::uint32_t> signature_;     // by node: its slot in signatures_
  struct Signature {
    std::uint64_t hash = 0;
    std::uint32_t count = 0;
    float cue = 0;
    float words = 0;
  };
  std::vector<Signature> signatures_;  // open addressing, power of two
  std::vector<std::uint32_t> wider_;  // by node: nearest block-level element that holds more blocks
  std::vector<std::uint32_t> block_node_;  // by block
  std::vector<std::uint32_t> likeness_;    // by block
  HashCounts title_words_, hinted_, repeats_;
  std::vector<std::uint64_t> text_hashes_;  // by block
  std::vector<float> text_cue_;             // by block
  std::size_t mains_ = 0;
};

}  // namespace pith
