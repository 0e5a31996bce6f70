#include "pith/tensor/cpu/causal_attention.h"

#include <algorithm>
#include <cmath>

#include "pith/tensor/cpu/attention_softmax.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {

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
  const std::size_t D = shape.D, E = shape.E, row = shape.row(), heads = shape.H / shape.G;
  const float* keys = qkv + shape.keys_at(group);
  const float* values = qkv + shape.values_at(group);
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t first = 0; first < shape.T; first += kQueryBlock) {
      const Block block = block_at(first, shape.T, begin);
      gemm(Transpose::kNo, Transpose::kYes, block.queries(), block.n, D, score_scale(shape),
           qkv + first * row + h * D, row, keys + block.keys * row, row, 0, scratch, block.n);
      for (std::size_t t = first; t < block.end; ++t) {
        log_sum_exp[t * shape.H + h] =
            attention_softmax(scratch + (t - first) * block.n, block.n,
                              static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys);
      }
      gemm(Transpose::kNo, Transpose::kNo, block.queries(), E, block.n, 1, scratch, block.n,
           values + block.keys * row, row, 0, out + first * shape.H * E + h * E, shape.H * E);
    }
  }
}

void causal_attention_backward(const AttentionShape& shape, std::size_t group, const float* qkv,
                               const int* begin, const float* log_sum_exp, const float* d_out,
                               float* d_qkv, float* scratch) {
  const std::size_t D = shape.D, E = shape.E, row = shape.row(), heads = shape.H / shape.G;
  const std::size_t keys_at = shape.keys_at(group), values_at = shape.values_at(group);
  const float scale = score_scale(shape);
  for (std::size_t t = 0; t < shape.T; ++t) {
    std::fill_n(d_qkv + t * row + keys_at, D, 0.0f);
    std::fill_n(d_qkv + t * row + values_at, E, 0.0f);
  }
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t first = 0; first < shape.T; first += kQueryBlock) {
      const Block block = block_at(first, shape.T, begin);
      const std::size_t queries = block.queries(), n = block.n;
      const float* q = qkv + first * row + h * D;
      const float* k = qkv + block.keys * row + keys_at;
      const float* v = qkv + block.keys * row + values_at;
      const float* d_o = d_out + first * shape.H * E + h * E;
      float* scores = scratch;
      float* d_scores = scratch + queries * n;
      gemm(Transpose::kNo, Transpose::kYes, queries, n, D, scale, q, row, k, row, 0, scores, n);
      gemm(Transpose::kNo, Transpose::kYes, queries, n, E, 1, d_o, shape.H * E, v, row, 0, d_scores,
           n);
      for (std::size_t t = first; t < block.end; ++t) {
        attention_d_softmax(scores + (t - first) * n, d_scores + (t - first) * n, n,
                            static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys,
                            log_sum_exp[t * shape.H + h], scale);
      }
      gemm(Transpose::kYes, Transpose::kNo, n, E, queries, 1, scores, n, d_o, shape.H * E, 1,
           d_qkv + block.keys * row + values_at, row);
      gemm(Transpose::kYes, Transpose::kNo, n, D, queries, 1, d_scores, n, q, row, 1,
           d_qkv + block.keys * row + keys_at, row);
      gemm(Transpose::kNo, Transpose::kNo, queries, D, n, 1, d_scores, n, k, row, 0,
           d_qkv + first * row + h * D, row);
    }
  }
}

}  // namespace pith
