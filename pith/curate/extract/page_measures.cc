#include "pith/curate/extract/page_measures.h"

#include <cmath>
#include <vector>

namespace pith {

std::vector<float> measure_page(const BlockMeasurer& measurer, const TextBlocks& blocks,
                                std::span<const std::uint8_t> keep,
                                std::span<const float> probability) {
  std::vector<float> measures(kPageMeasures, 0.0f);
  const std::size_t count = blocks.blocks.size();
  if (count == 0) return measures;
  std::vector<float> weight(count);
  double words = 0, kept_words = 0, kept = 0, likely = 0;
  for (std::size_t b = 0; b < count; ++b) {
    const float own = blocks.blocks[b].stats.words;
    weight[b] = keep[b] != 0 ? own : 0;
    words += static_cast<double>(own);
    kept_words += static_cast<double>(weight[b]);
    kept += keep[b] != 0;
    likely += static_cast<double>(probability[b]);
  }
  for (std::size_t f = 0; f < kBlockFeatureCount; ++f) {
    const std::span<const float> column = measurer.column(f);
    float sum = 0, weighted = 0;
    for (std::size_t b = 0; b < count; ++b) {
      sum += column[b];
      weighted += weight[b] * column[b];
    }
    measures[f] = sum / static_cast<float>(count);
    if (kept_words > 0) {
      measures[kBlockFeatureCount + f] = weighted / static_cast<float>(kept_words);
    }
  }
  float* const amount = measures.data() + 2 * kBlockFeatureCount;
  amount[0] = static_cast<float>(std::log1p(static_cast<double>(count)));
  amount[1] = static_cast<float>(std::log1p(kept));
  amount[2] = static_cast<float>(words > 0 ? kept_words / words : 0);
  amount[3] = static_cast<float>(likely / static_cast<double>(count));
  return measures;
}

}  // namespace pith
