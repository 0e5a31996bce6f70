#include "pith/nn/memory_plan.h"

#include <algorithm>
#include <numeric>

namespace pith {
namespace {

std::size_t aligned(std::size_t floats) { return (floats + 15) / 16 * 16; }

bool meet(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes) {
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return lifetimes[a].floats > lifetimes[b].floats;
  });

  MemoryPlan plan{.offsets = std::vector<std::size_t>(lifetimes.size(), 0)};
  std::vector<std::size_t> placed;  // by rising offset
  for (const std::size_t i : order) {
    const std::size_t floats = aligned(lifetimes[i].floats);
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (!meet(lifetimes[i], lifetimes[other])) continue;
      if (offset + floats <= plan.offsets[other]) break;
      offset = std::max(offset, plan.offsets[other] + aligned(lifetimes[other].floats));
    }
    plan.offsets[i] = offset;
    plan.floats = std::max(plan.floats, offset + floats);
    const auto place = std::upper_bound(
        placed.begin(), placed.end(), offset,
        [&](std::size_t value, std::size_t other) { return value < plan.offsets[other]; });
    placed.insert(place, i);
  }
  return plan;
}

}  // namespace pith
