#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/text_blocks.h"

namespace pith {

// What the model looks at in its second stage, beside the block features: the first stage's
// probabilities around a block. X(identifier) in the order of the columns.
// clang-format off
#define PITH_CONTEXT_FEATURES(X) \
  X(Own) X(Previous1) X(Next1) X(Previous2) X(Next2) X(Previous3) X(Next3) \
  X(Window3) X(Window8) X(Window20) \
  X(Around1) X(Around2) X(Around3) X(Around4) X(Around5) X(Around7) X(Around9) \
  X(Alike) X(Page) X(ShareBefore) X(ShareAfter) X(LastHeading) X(Section)
// clang-format on

enum class ContextFeature : std::uint16_t {
#define PITH_CONTEXT_FEATURE_ID(id) k##id,
  PITH_CONTEXT_FEATURES(PITH_CONTEXT_FEATURE_ID)
#undef PITH_CONTEXT_FEATURE_ID
};
inline constexpr std::size_t kContextFeatureCount = 0
#define PITH_CONTEXT_FEATURE_ONE(id) +1
    PITH_CONTEXT_FEATURES(PITH_CONTEXT_FEATURE_ONE)
#undef PITH_CONTEXT_FEATURE_ONE
    ;

// Memory that is kept between pages.
struct BlockTreeScratch {
  std::vector<std::uint8_t> ranks;
  std::vector<std::int32_t> sums;
};

// How likely each block is main text: two rounds of boosted oblivious trees (every node of one
// depth asks the same question, so a tree is a table look-up). The second round sees what the first
// said about the neighbours, the elements around and the blocks written alike; the result is the
// mean of both. Learned by scripts/train_extraction.py; the trees are block_model.inc. Time: linear
// in blocks. One thread at a time; the result ends with the next call.
class BlockModel {
 public:
  std::span<const float> probabilities(const BlockMeasurer& measurer, const TextBlocks& blocks);

 private:
  void measure_context(const BlockMeasurer& measurer, const TextBlocks& blocks);
  std::span<float> context(ContextFeature feature) {
    return std::span(context_).subspan(static_cast<std::size_t>(feature) * count_, count_);
  }

  std::size_t count_ = 0;
  std::vector<float> probability_, second_, context_;
  BlockTreeScratch scratch_;
  std::vector<std::span<const float>> columns_;
  std::vector<double> weight_before_, mass_before_;  // running sums, one more than blocks
  struct Mass {
    double weight = 0, mass = 0;
  };
  std::vector<Mass> element_mass_;  // by node
  std::vector<std::pair<std::uint32_t, std::uint32_t>> alike_;
};

// The log-odds that stage 0 or 1 gives each block. `columns` has a value a block for each feature:
// the block features, and for stage 1 the context features after them. Integer sums: the same
// result on every machine.
void sum_block_trees(std::size_t stage, std::span<const std::span<const float>> columns,
                     BlockTreeScratch& scratch, std::span<float> log_odds);
// The same for one block, by the trees as they stand; `row` has its features.
float sum_block_trees_ref(std::size_t stage, std::span<const float> row);

// Marks the blocks whose probability is at least the bound that makes the expected word F1 of the
// page highest, the bound itself kept within sane limits, higher ones where a page surely has much
// main text. `keep` gets one entry a block.
void choose_blocks(std::span<const float> probability, const TextBlocks& blocks,
                   std::vector<std::uint8_t>& keep);

}  // namespace pith
