#include "pith/nn/ops/low_precision_linear.h"

#include <algorithm>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/bf16_gemm.h"
#include "pith/tensor/cpu/int8_gemm.h"

namespace pith {
namespace {

constexpr std::size_t kPanelStride = bf16_panel_size(Tape::kRowBlock);

std::size_t block_size(std::size_t width) { return bf16_panels(width) * kPanelStride; }

// c (rows, N) = x (rows, K) B.
void int8_product(std::size_t rows, std::size_t N, std::size_t K, const float* x, Int8Panels b,
                  float* c, void* scratch) {
  auto* scales = static_cast<float*>(scratch);
  auto* rounded = reinterpret_cast<std::uint8_t*>(scales + Tape::kRowBlock);
  to_int8_rows(x, K, rows, K, rounded, scales);
  gemm_int8(rows, N, K, {rounded, int8_row_stride(K), scales}, b, c, N);
}

}  // namespace

LowPrecisionLinear::LowPrecisionLinear(Weight weight, std::size_t in, std::size_t out,
                                       Precision precision)
    : weight_(weight), in_(in), out_(out) {
  if (precision == Precision::kInt8) {
    int8_.emplace(out, in);
  } else {
    bf16_.emplace(out, in);
  }
}

void LowPrecisionLinear::reserve(std::size_t rows) {
  x_ = AlignedArray<Bfloat16>(Tape::row_blocks(rows) * block_size(in_));
}

std::size_t LowPrecisionLinear::scratch_bytes() const {
  const std::size_t most = std::max(in_, out_);
  return int8_ ? Tape::kRowBlock * (int8_row_stride(most) + sizeof(float))
               : Tape::kRowBlock * bf16_row_stride(most) * sizeof(Bfloat16);
}

std::size_t LowPrecisionLinear::gradient_bytes(std::size_t rows) const {
  return Tape::row_blocks(rows) * block_size(out_) * sizeof(Bfloat16);
}

void LowPrecisionLinear::pack(std::size_t task, bool with_backward) {
  if (int8_) {
    int8_->pack(task, weight_.value, with_backward);
  } else {
    bf16_->pack(task, weight_.value, with_backward);
  }
}

void LowPrecisionLinear::forward(std::size_t block, std::size_t rows, const float* x, float* out,
                                 bool keep, void* scratch) {
  Bfloat16* kept = x_.data() + block * block_size(in_);
  if (int8_) {
    int8_product(rows, out_, in_, x, int8_->forward(), out, scratch);
    if (keep) float_to_bf16_panels(x, in_, rows, in_, kept, kPanelStride);
    return;
  }
  auto* rounded = static_cast<Bfloat16*>(scratch);
  const std::size_t ldr = bf16_row_stride(in_);
  to_bf16_rows(x, in_, rows, in_, 1, rounded);
  if (keep) to_bf16_panels(rounded, ldr, rows, in_, kept, kPanelStride);
  gemm_bf16(rows, out_, in_, rounded, ldr, bf16_->forward(), false, out, out_);
}

void LowPrecisionLinear::backward(std::size_t block, std::size_t rows, const float* d_out,
                                  float* d_x, void* scratch, void* gradients) {
  Bfloat16* kept = static_cast<Bfloat16*>(gradients) + block * block_size(out_);
  if (int8_) {
    int8_product(rows, in_, out_, d_out, int8_->backward(), d_x, scratch);
    float_to_bf16_panels(d_out, out_, rows, out_, kept, kPanelStride);
    return;
  }
  auto* rounded = static_cast<Bfloat16*>(scratch);
  const std::size_t ldr = bf16_row_stride(out_);
  to_bf16_rows(d_out, out_, rows, out_, 1, rounded);
  to_bf16_panels(rounded, ldr, rows, out_, kept, kPanelStride);
  gemm_bf16(rows, in_, out_, rounded, ldr, bf16_->backward(), false, d_x, in_);
}

void LowPrecisionLinear::weight_gradient(std::size_t begin, std::size_t end, std::size_t rows,
                                         bool add, const void* gradients) {
  const auto* d_out = static_cast<const Bfloat16*>(gradients);
  for (std::size_t block = 0; block < Tape::row_blocks(rows); ++block) {
    const Bf16Panels d_block{d_out + block * block_size(out_), kPanelStride};
    const Bf16Panels x_block{x_.data() + block * block_size(in_), kPanelStride};
    gemm_bf16_transposed(
        end - begin, in_, std::min(Tape::kRowBlock, rows - block * Tape::kRowBlock),
        d_block.columns(begin), x_block, add || block > 0, weight_.gradient + begin * in_, in_);
  }
}

}  // namespace pith
