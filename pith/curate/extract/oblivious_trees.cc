#include "pith/curate/extract/oblivious_trees.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/curate/extract/oblivious_trees.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void RankValues(std::span<const float> values, std::span<const float> borders,
                std::uint8_t* ranks) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN std::array<std::int32_t, hn::MaxLanes(d)> counts;
  std::size_t r = 0;
  for (; r + lanes <= values.size(); r += lanes) {
    const auto value = hn::LoadU(d, values.data() + r);
    auto count = hn::Zero(di);
    for (const float border : borders) {
      const auto above = hn::RebindMask(di, hn::Gt(value, hn::Set(d, border)));
      count = hn::Sub(count, hn::VecFromMask(di, above));  // a true lane is -1
    }
    hn::Store(count, di, counts.data());
    for (std::size_t i = 0; i < lanes; ++i) ranks[r + i] = static_cast<std::uint8_t>(counts[i]);
  }
  if (r < values.size()) {
    rank_values_ref(values.subspan(r), borders, ranks + r);
  }
}

void SumTrees(std::span<const ObliviousTree> trees, const std::uint8_t* ranks, std::size_t stride,
              std::span<std::int32_t> sums) {
  const hn::CappedTag<std::uint8_t, kTreeRows> d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN std::array<std::uint8_t, kTreeRows> leaf;
  for (std::size_t begin = 0; begin < sums.size(); begin += kTreeRows) {
    std::array<std::int32_t, kTreeRows> sum{};
    for (const ObliviousTree& tree : trees) {
      for (std::size_t i = 0; i < kTreeRows; i += lanes) {
        auto index = hn::Zero(d);
        for (std::size_t level = 0; level < kTreeDepth; ++level) {
          const auto rank = hn::LoadU(d, ranks + tree.question[level] * stride + begin + i);
          const auto yes = hn::Gt(rank, hn::Set(d, tree.border[level]));
          const auto bit = hn::Set(d, static_cast<std::uint8_t>(1u << level));
          index = hn::Or(index, hn::IfThenElseZero(yes, bit));
        }
        hn::Store(index, d, leaf.data() + i);
      }
      for (std::size_t i = 0; i < kTreeRows; ++i) sum[i] += tree.leaf[leaf[i]];
    }
    const std::size_t end = std::min(begin + kTreeRows, sums.size());
    std::copy(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(end - begin),
              sums.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pith
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(RankValues);
HWY_EXPORT(SumTrees);

void rank_values(std::span<const float> values, std::span<const float> borders,
                 std::uint8_t* ranks) {
  HWY_DYNAMIC_DISPATCH(RankValues)(values, borders, ranks);
}

void sum_trees(std::span<const ObliviousTree> trees, const std::uint8_t* ranks, std::size_t stride,
               std::span<std::int32_t> sums) {
  HWY_DYNAMIC_DISPATCH(SumTrees)(trees, ranks, stride, sums);
}

void rank_values_ref(std::span<const float> values, std::span<const float> borders,
                     std::uint8_t* ranks) {
  for (std::size_t r = 0; r < values.size(); ++r) {
    ranks[r] = static_cast<std::uint8_t>(
        std::ranges::count_if(borders, [&](float border) { return values[r] > border; }));
  }
}

void sum_trees_ref(std::span<const ObliviousTree> trees, const std::uint8_t* ranks,
                   std::size_t stride, std::span<std::int32_t> sums) {
  for (std::size_t r = 0; r < sums.size(); ++r) {
    sums[r] = 0;
    for (const ObliviousTree& tree : trees) {
      std::size_t leaf = 0;
      for (std::size_t level = 0; level < kTreeDepth; ++level) {
        const bool yes = ranks[tree.question[level] * stride + r] > tree.border[level];
        leaf |= std::size_t{yes} << level;
      }
      sums[r] += tree.leaf[leaf];
    }
  }
}

}  // namespace pith
#endif
