#include "pith/tensor/cpu/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/cross_entropy.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;

float row_maximum(const float* HWY_RESTRICT row, std::size_t V) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  auto most = hn::Set(d, -std::numeric_limits<float>::infinity()), most_too = most;
  std::size_t v = 0;
  for (; v + 2 * lanes <= V; v += 2 * lanes) {
    most = hn::Max(most, hn::LoadU(d, row + v));
    most_too = hn::Max(most_too, hn::LoadU(d, row + v + lanes));
  }
  float maximum = hn::GetLane(hn::MaxOfLanes(d, hn::Max(most, most_too)));
  for (; v < V; ++v) maximum = std::max(maximum, row[v]);
  return maximum;
}

// The sum of e^(row - maximum); with kKeep the row becomes these exponentials.
template <bool kKeep>
float row_exponentials(float* HWY_RESTRICT row, std::size_t V, float maximum) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const auto shift = hn::Set(d, maximum);
  auto sum = hn::Zero(d), sum_too = sum;
  std::size_t v = 0;
  for (; v + 2 * lanes <= V; v += 2 * lanes) {
    const auto left = vector_exp(d, hn::Sub(hn::LoadU(d, row + v), shift));
    const auto right = vector_exp(d, hn::Sub(hn::LoadU(d, row + v + lanes), shift));
    if (kKeep) {
      hn::StoreU(left, d, row + v);
      hn::StoreU(right, d, row + v + lanes);
    }
    sum = hn::Add(sum, left);
    sum_too = hn::Add(sum_too, right);
  }
  for (; v < V; v += lanes) {
    const std::size_t left = std::min(lanes, V - v);
    const auto value = vector_exp(d, hn::Sub(load_first(d, row + v, left), shift));
    const auto counted = hn::IfThenElseZero(hn::FirstN(d, left), value);
    if (kKeep) store_first(counted, d, row + v, left);
    sum = hn::Add(sum, counted);
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(sum, sum_too)));
}

void row_scale(float* HWY_RESTRICT row, std::size_t V, float factor) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const auto factors = hn::Set(d, factor);
  std::size_t v = 0;
  for (; v + lanes <= V; v += lanes)
    hn::StoreU(hn::Mul(hn::LoadU(d, row + v), factors), d, row + v);
  for (; v < V; ++v) row[v] *= factor;
}

void cross_entropy_rows(float* HWY_RESTRICT logits, const int* HWY_RESTRICT targets,
                        std::size_t rows, std::size_t V, const float* d_scale,
                        float* HWY_RESTRICT loss) {
  for (std::size_t t = 0; t < rows; ++t) {
    float* HWY_RESTRICT row = logits + t * V;
    loss[t] = 0;
    if (targets[t] < 0) {
      if (d_scale != nullptr) std::fill_n(row, V, 0.0f);
      continue;
    }
    const auto target = static_cast<std::size_t>(targets[t]);
    const float maximum = row_maximum(row, V);
    const float at_target = row[target] - maximum;
    const float sum = d_scale != nullptr ? row_exponentials<true>(row, V, maximum)
                                         : row_exponentials<false>(row, V, maximum);
    loss[t] = std::log(sum) - at_target;
    if (d_scale == nullptr) continue;
    row_scale(row, V, *d_scale / sum);
    row[target] -= *d_scale;
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(cross_entropy_rows);

void softmax_cross_entropy(float* logits, const int* targets, std::size_t rows, std::size_t V,
                           const float* d_scale, float* loss) {
  HWY_DYNAMIC_DISPATCH(cross_entropy_rows)(logits, targets, rows, V, d_scale, loss);
}

void softmax_cross_entropy_ref(float* logits, const int* targets, std::size_t rows, std::size_t V,
                               const float* d_scale, float* loss) {
  for (std::size_t t = 0; t < rows; ++t) {
    float* row = logits + t * V;
    const bool counted = targets[t] >= 0;
    const double maximum = static_cast<double>(*std::max_element(row, row + V));
    double sum = 0;
    for (std::size_t v = 0; v < V; ++v) sum += std::exp(static_cast<double>(row[v]) - maximum);
    const auto target = static_cast<std::size_t>(counted ? targets[t] : 0);
    const double nats = std::log(sum) + maximum - static_cast<double>(row[target]);
    loss[t] = counted ? static_cast<float>(nats) : 0.0f;
    if (d_scale == nullptr) continue;
    for (std::size_t v = 0; v < V; ++v) {
      const double probability = std::exp(static_cast<double>(row[v]) - maximum) / sum;
      const double gradient = probability - (v == target ? 1.0 : 0.0);
      row[v] = counted ? static_cast<float>(static_cast<double>(*d_scale) * gradient) : 0.0f;
    }
  }
}

}  // namespace pith
#endif  // HWY_ONCE
