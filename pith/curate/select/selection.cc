#include "pith/curate/select/selection.h"

#include <algorithm>

namespace pith {

Selection select_best(const SelectionInput& input, const SelectionRule& rule) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < input.excluded.size(); ++i) {
    if (input.excluded[i] == 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (input.quality[a] != input.quality[b]) return input.quality[a] > input.quality[b];
    return input.keys[a] != input.keys[b] ? input.keys[a] < input.keys[b] : a < b;
  });
  Selection selection;
  selection.kept.assign(input.excluded.size(), 0);
  selection.threshold = rule.min_quality;
  for (const std::uint32_t i : order) {
    const std::uint64_t bytes = input.text_bytes[i];
    const double quality = static_cast<double>(input.quality[i]);
    if (rule.keep_bytes != 0 && bytes > rule.keep_bytes) continue;
    if (rule.keep_bytes != 0 && selection.bytes + bytes > rule.keep_bytes) break;
    if (quality < rule.min_quality && selection.bytes >= rule.floor_bytes) break;
    selection.kept[i] = 1;
    selection.bytes += bytes;
    selection.threshold = quality;
  }
  return selection;
}

}  // namespace pith
