#include "pith/tensor/cpu/causal_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pith/tensor/cpu/gemm.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/causal_attention.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A row of n scores, of which [first, last] are attended to, becomes probabilities, zero elsewhere.
// Returns the log of the sum of exponentials.
float attention_softmax(float* HWY_RESTRICT row, std::size_t n, std::size_t first,
                        std::size_t last) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), end = last + 1;
  std::size_t s = first;
  auto most = hn::Set(d, -std::numeric_limits<float>::infinity());
  for (; s + lanes <= end; s += lanes) most = hn::Max(most, hn::LoadU(d, row + s));
  float maximum = hn::GetLane(hn::MaxOfLanes(d, most));
  for (; s < end; ++s) maximum = std::max(maximum, row[s]);

  const auto shift = hn::Set(d, maximum);
  auto sums = hn::Zero(d);
  for (s = first; s + lanes <= end; s += lanes) {
    const auto value = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    hn::StoreU(value, d, row + s);
    sums = hn::Add(sums, value);
  }
  if (s < end) {
    const auto value = vector_exp(d, hn::Sub(load_first(d, row + s, end - s), shift));
    const auto counted = hn::IfThenElseZero(hn::FirstN(d, end - s), value);
    store_first(counted, d, row + s, end - s);
    sums = hn::Add(sums, counted);
  }
  const float sum = hn::GetLane(hn::SumOfLanes(d, sums));

  std::fill_n(row, first, 0.0f);
  std::fill(row + end, row + n, 0.0f);
  const auto factor = hn::Set(d, 1.0f / sum);
  for (s = first; s + lanes <= end; s += lanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, row + s), factor), d, row + s);
  }
  for (; s < end; ++s) row[s] *= 1.0f / sum;
  return maximum + std::log(sum);
}

// A row of scores becomes probabilities, and the gradient of these becomes that of the scores
// before their scaling: scale p (d_p - sum p d_p). Zeros outside [first, last].
void attention_d_softmax(float* HWY_RESTRICT row, float* HWY_RESTRICT d_row, std::size_t n,
                         std::size_t first, std::size_t last, float log_sum_exp, float scale) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), end = last + 1;
  const auto shift = hn::Set(d, log_sum_exp);
  auto products = hn::Zero(d);
  std::size_t s = first;
  for (; s + lanes <= end; s += lanes) {
    const auto p = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    hn::StoreU(p, d, row + s);
    products = hn::MulAdd(p, hn::LoadU(d, d_row + s), products);
  }
  if (s < end) {
    const auto p = vector_exp(d, hn::Sub(load_first(d, row + s, end - s), shift));
    store_first(p, d, row + s, end - s);
    products = hn::MulAdd(p, load_first(d, d_row + s, end - s), products);  // zeros behind
  }
  const float dot = hn::GetLane(hn::SumOfLanes(d, products));

  std::fill_n(row, first, 0.0f);
  std::fill(row + end, row + n, 0.0f);
  std::fill_n(d_row, first, 0.0f);
  std::fill(d_row + end, d_row + n, 0.0f);
  const auto dots = hn::Set(d, dot), scales = hn::Set(d, scale);
  for (s = first; s + lanes <= end; s += lanes) {
    const auto p = hn::Mul(hn::LoadU(d, row + s), scales);
    hn::StoreU(hn::Mul(p, hn::Sub(hn::LoadU(d, d_row + s), dots)), d, d_row + s);
  }
  for (; s < end; ++s) d_row[s] = row[s] * scale * (d_row[s] - dot);
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(attention_softmax);
HWY_EXPORT(attention_d_softmax);

namespace {

constexpr std::size_t kQueryBlock = 64;

// Queries [first, end) and the keys [keys, keys + n) that any of them attends to.
struct Block {
  std::size_t first, end, keys, n;
  std::size_t queries() const { return end - first; }
};

Block block_at(std::size_t first, std::size_t T, const int* begin) {
  const std::size_t end = std::min(T, first + kQueryBlock);
  const auto keys = static_cast<std::size_t>(begin[first]);
  return {first, end, keys, end - keys};
}

float score_scale(const AttentionShape& shape) {
  return 1.0f / std::sqrt(static_cast<float>(shape.D));
}

}  // namespace

std::size_t attention_scratch(std::size_t T) { return 2 * kQueryBlock * T; }

void causal_attention(const AttentionShape& shape, std::size_t group, const float* qkv,
                      const int* begin, float* out, float* log_sum_exp, float* scratch) {
  const std::size_t D = shape.D, row = shape.row(), heads = shape.H / shape.G;
  const float* keys = qkv + (shape.H + group) * D;
  const float* values = keys + shape.G * D;
  const auto softmax = HWY_DYNAMIC_DISPATCH(attention_softmax);
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t first = 0; first < shape.T; first += kQueryBlock) {
      const Block block = block_at(first, shape.T, begin);
      gemm(Transpose::kNo, Transpose::kYes, block.queries(), block.n, D, score_scale(shape),
           qkv + first * row + h * D, row, keys + block.keys * row, row, 0, scratch, block.n);
      for (std::size_t t = first; t < block.end; ++t) {
        log_sum_exp[t * shape.H + h] =
            softmax(scratch + (t - first) * block.n, block.n,
                    static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys);
      }
      gemm(Transpose::kNo, Transpose::kNo, block.queries(), D, block.n, 1, scratch, block.n,
           values + block.keys * row, row, 0, out + first * shape.H * D + h * D, shape.H * D);
    }
  }
}

void causal_attention_backward(const AttentionShape& shape, std::size_t group, const float* qkv,
                               const int* begin, const float* log_sum_exp, const float* d_out,
                               float* d_qkv, float* scratch) {
  const std::size_t D = shape.D, row = shape.row(), heads = shape.H / shape.G;
  const std::size_t keys_at = (shape.H + group) * D, values_at = keys_at + shape.G * D;
  const float scale = score_scale(shape);
  const auto d_softmax = HWY_DYNAMIC_DISPATCH(attention_d_softmax);
  for (std::size_t t = 0; t < shape.T; ++t) {
    std::fill_n(d_qkv + t * row + keys_at, D, 0.0f);
    std::fill_n(d_qkv + t * row + values_at, D, 0.0f);
  }
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t first = 0; first < shape.T; first += kQueryBlock) {
      const Block block = block_at(first, shape.T, begin);
      const std::size_t queries = block.queries(), n = block.n;
      const float* q = qkv + first * row + h * D;
      const float* k = qkv + block.keys * row + keys_at;
      const float* v = qkv + block.keys * row + values_at;
      const float* d_o = d_out + first * shape.H * D + h * D;
      float* scores = scratch;
      float* d_scores = scratch + queries * n;
      gemm(Transpose::kNo, Transpose::kYes, queries, n, D, scale, q, row, k, row, 0, scores, n);
      gemm(Transpose::kNo, Transpose::kYes, queries, n, D, 1, d_o, shape.H * D, v, row, 0, d_scores,
           n);
      for (std::size_t t = first; t < block.end; ++t) {
        d_softmax(scores + (t - first) * n, d_scores + (t - first) * n, n,
                  static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys,
                  log_sum_exp[t * shape.H + h], scale);
      }
      gemm(Transpose::kYes, Transpose::kNo, n, D, queries, 1, scores, n, d_o, shape.H * D, 1,
           d_qkv + block.keys * row + values_at, row);
      gemm(Transpose::kYes, Transpose::kNo, n, D, queries, 1, d_scores, n, q, row, 1,
           d_qkv + block.keys * row + keys_at, row);
      gemm(Transpose::kNo, Transpose::kNo, queries, D, n, 1, d_scores, n, k, row, 0,
           d_qkv + first * row + h * D, row);
    }
  }
}

}  // namespace pith
#endif  // HWY_ONCE
