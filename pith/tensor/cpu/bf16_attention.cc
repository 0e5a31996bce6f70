#include "pith/tensor/cpu/bf16_attention.h"

#include <algorithm>
#include <cmath>

#include "pith/tensor/cpu/attention_softmax.h"
#include "pith/tensor/cpu/bf16_gemm.h"
#include "pith/tensor/cpu/weighted_rows.h"

namespace pith {
namespace {

constexpr std::size_t kQueryBlock = 32;  // queries whose scores are taken at a time
constexpr std::size_t kChunk = 256;      // queries whose probabilities wait for the keys' gradients
constexpr std::size_t kChunkStride = bf16_panel_size(kChunk);

std::size_t whole_panels(std::size_t n) { return (n + 31) / 32 * 32; }

// Hands out pieces of the scratch, each on a cache line.
class Pieces {
 public:
  explicit Pieces(void* scratch) : next_(static_cast<std::byte*>(scratch)) {}
  template <class T>
  T* take(std::size_t n) {
    std::byte* piece = next_;
    next_ += (n * sizeof(T) + 63) / 64 * 64;
    return reinterpret_cast<T*>(piece);
  }

 private:
  std::byte* next_;
};

// One head's side of a product, (T, D).
class Side {
 public:
  Side(std::size_t T, std::size_t D, Pieces& pieces)
      : T_(T),
        D_(D),
        rows_(pieces.take<Bfloat16>(whole_panels(T) * stride())),
        panels_(pieces.take<Bfloat16>(whole_panels(T) * stride())),
        transposed_(pieces.take<Bfloat16>(whole_panels(T) * stride())) {}

  void round(const float* x, std::size_t ldx, float scale) {
    to_bf16_rows(x, ldx, T_, D_, scale, rows_);
  }
  void make_panels() { to_bf16_panels(rows_, stride(), T_, D_, panels_, bf16_panel_size(T_)); }
  void make_transposed() {
    to_bf16_panels_transposed(rows_, stride(), T_, D_, transposed_, bf16_panel_size(D_));
  }

  std::size_t stride() const { return bf16_row_stride(D_); }
  const Bfloat16* row(std::size_t t) const { return rows_ + t * stride(); }
  // (T, D) from row t on, which is even; (D, T) from column t on, a multiple of 32.
  Bf16Panels from(std::size_t t) const { return {panels_ + t * kBf16Panel, bf16_panel_size(T_)}; }
  Bf16Panels transposed_from(std::size_t t) const {
    return Bf16Panels{transposed_, bf16_panel_size(D_)}.columns(t);
  }

 private:
  std::size_t T_, D_;
  Bfloat16 *rows_, *panels_, *transposed_;
};

// Queries [first, end) and the keys [keys, end), `keys` a multiple of 32, that any of them sees.
struct Block {
  std::size_t first, end, keys;
  std::size_t queries() const { return end - first; }
  std::size_t n() const { return end - keys; }
};

Block block_at(std::size_t first, std::size_t T, const int* begin) {
  return {first, std::min(T, first + kQueryBlock),
          static_cast<std::size_t>(begin[first]) / kBf16Panel * kBf16Panel};
}

float score_scale(const AttentionShape& shape) {
  return 1.0f / std::sqrt(static_cast<float>(shape.D));
}

}  // namespace

std::size_t bf16_attention_scratch(std::size_t T, std::size_t D) {
  const std::size_t keys = whole_panels(T), side = 3 * keys * bf16_row_stride(D);
  const std::size_t rounded = 4 * side + 2 * kQueryBlock * keys + 2 * keys / 32 * kChunkStride;
  return rounded * sizeof(Bfloat16) + 2 * kQueryBlock * keys * sizeof(float) + 32 * 64;
}

void causal_attention_bf16(const AttentionShape& shape, std::size_t group, const float* qkv,
                           const int* begin, float* out, float* log_sum_exp, void* scratch) {
  const std::size_t T = shape.T, D = shape.D, row = shape.row(), heads = shape.H / shape.G;
  Pieces pieces(scratch);
  Side queries(T, D, pieces), keys(T, D, pieces), values(T, D, pieces);
  float* scores = pieces.take<float>(kQueryBlock * whole_panels(T));
  auto* rounded = pieces.take<Bfloat16>(kQueryBlock * whole_panels(T));
  keys.round(qkv + (shape.H + group) * D, row, 1);
  keys.make_transposed();
  values.round(qkv + (shape.H + shape.G + group) * D, row, 1);
  values.make_panels();
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    queries.round(qkv + h * D, row, score_scale(shape));
    for (std::size_t first = 0; first < T; first += kQueryBlock) {
      const Block block = block_at(first, T, begin);
      const std::size_t n = block.n(), ldn = bf16_row_stride(n);
      gemm_bf16(block.queries(), n, D, queries.row(first), queries.stride(),
                keys.transposed_from(block.keys), false, scores, ldn);
      float inverse_sums[kQueryBlock];
      for (std::size_t t = first; t < block.end; ++t) {
        const SoftmaxSum sum =
            padded_exponentials(scores + (t - first) * ldn, ldn,
                                static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys);
        log_sum_exp[t * shape.H + h] = sum.maximum + std::log(sum.sum);
        inverse_sums[t - first] = 1.0f / sum.sum;
      }
      to_bf16_rows(scores, ldn, block.queries(), ldn, 1, rounded);
      float* to = out + first * shape.H * D + h * D;
      gemm_bf16(block.queries(), D, n, rounded, ldn, values.from(block.keys), false, to,
                shape.H * D);
      for (std::size_t t = 0; t < block.queries(); ++t) {
        weight_row(inverse_sums[t], D, to + t * shape.H * D);
      }
    }
  }
}

void causal_attention_backward_bf16(const AttentionShape& shape, std::size_t group,
                                    const float* qkv, const int* begin, const float* log_sum_exp,
                                    const float* d_out, float* d_qkv, void* scratch) {
  const std::size_t T = shape.T, D = shape.D, row = shape.row(), heads = shape.H / shape.G;
  const std::size_t keys_at = (shape.H + group) * D, values_at = keys_at + shape.G * D;
  const float scale = score_scale(shape);
  Pieces pieces(scratch);
  Side queries(T, D, pieces), keys(T, D, pieces), values(T, D, pieces), d_outs(T, D, pieces);
  float* scores = pieces.take<float>(kQueryBlock * whole_panels(T));
  float* d_scores = pieces.take<float>(kQueryBlock * whole_panels(T));
  auto* p_rows = pieces.take<Bfloat16>(kQueryBlock * whole_panels(T));
  auto* d_rows = pieces.take<Bfloat16>(kQueryBlock * whole_panels(T));
  // (queries of the chunk, keys)
  auto* p_panels = pieces.take<Bfloat16>(bf16_panels(T) * kChunkStride);
  auto* d_panels = pieces.take<Bfloat16>(bf16_panels(T) * kChunkStride);

  keys.round(qkv + keys_at, row, 1);
  keys.make_panels();
  keys.make_transposed();
  values.round(qkv + values_at, row, 1);
  values.make_transposed();
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    queries.round(qkv + h * D, row, scale);
    queries.make_panels();
    d_outs.round(d_out + h * D, shape.H * D, 1);
    d_outs.make_panels();
    for (std::size_t chunk = 0; chunk < T; chunk += kChunk) {
      const std::size_t chunk_end = std::min(T, chunk + kChunk);
      for (std::size_t first = chunk; first < chunk_end; first += kQueryBlock) {
        const Block block = block_at(first, T, begin);
        const std::size_t n = block.n(), ldn = bf16_row_stride(n), count = block.queries();
        gemm_bf16(count, n, D, queries.row(first), queries.stride(),
                  keys.transposed_from(block.keys), false, scores, ldn);
        gemm_bf16(count, n, D, d_outs.row(first), d_outs.stride(),
                  values.transposed_from(block.keys), false, d_scores, ldn);
        for (std::size_t t = first; t < block.end; ++t) {
          padded_d_softmax(scores + (t - first) * ldn, d_scores + (t - first) * ldn, ldn,
                           static_cast<std::size_t>(begin[t]) - block.keys, t - block.keys,
                           log_sum_exp[t * shape.H + h]);
        }
        to_bf16_rows(scores, ldn, count, ldn, 1, p_rows);
        to_bf16_rows(d_scores, ldn, count, ldn, 1, d_rows);
        const std::size_t at =
            block.keys / kBf16Panel * kChunkStride + (first - chunk) * kBf16Panel;
        to_bf16_panels(p_rows, ldn, count, n, p_panels + at, kChunkStride);
        to_bf16_panels(d_rows, ldn, count, n, d_panels + at, kChunkStride);
        float* d_q = d_qkv + first * row + h * D;
        gemm_bf16(count, D, n, d_rows, ldn, keys.from(block.keys), false, d_q, row);
        for (std::size_t t = 0; t < count; ++t) weight_row(scale, D, d_q + t * row);
      }
      // Thirty-two keys and the queries of the chunk that see any of them.
      std::size_t last = chunk;  // behind the last block of queries that sees them
      for (std::size_t key = 0; key < chunk_end; key += kBf16Panel) {
        const std::size_t from = std::max(chunk, key);
        last = std::max(last, from);
        while (last < chunk_end && block_at(last, T, begin).keys <= key) last += kQueryBlock;
        const std::size_t to = std::min(last, chunk_end);
        if (to <= from) continue;
        const std::size_t at = key / kBf16Panel * kChunkStride + (from - chunk) * kBf16Panel;
        const std::size_t count = std::min(kBf16Panel, chunk_end - key);
        const bool add = h > group * heads || key < chunk;  // else the first to give them any
        gemm_bf16_transposed(count, D, to - from, {p_panels + at, kChunkStride}, d_outs.from(from),
                             add, d_qkv + key * row + values_at, row);
        gemm_bf16_transposed(count, D, to - from, {d_panels + at, kChunkStride}, queries.from(from),
                             add, d_qkv + key * row + keys_at, row);
      }
    }
  }
}

}  // namespace pith
