#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/curate/extract/block_features.h"
#include "pith/curate/extract/text_blocks.h"

// What a page as a whole looks like, from what was measured about its blocks: the mean of every
// block feature over all blocks, then over the kept ones by their words, then how much was kept.
// classify/format.h tells kinds of pages apart by it.
namespace pith {

inline constexpr std::size_t kPageMeasures = 2 * kBlockFeatureCount + 4;

// kPageMeasures numbers. `keep` and `probability` have one entry a block. Linear time. Any thread.
std::vector<float> measure_page(const BlockMeasurer& measurer, const TextBlocks& blocks,
                                std::span<const std::uint8_t> keep,
                                std::span<const float> probability);

}  // namespace pith
