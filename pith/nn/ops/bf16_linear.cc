#include "pith/nn/ops/bf16_linear.h"

#include <algorithm>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/bf16_gemm.h"

namespace pith {
namespace {

constexpr std::size_t kPanelStride = bf16_panel_size(Tape::kRowBlock);

std::size_t block_size(std::size_t width) { return bf16_panels(width) * kPanelStride; }

}  // namespace

Bf16Linear::Bf16Linear(Weight weight, std::size_t in, std::size_t out)
    : weight_(weight), in_(in), out_(out), packed_(out, in) {}

void Bf16Linear::reserve(std::size_t rows) {
  x_ = AlignedArray<Bfloat16>(Tape::row_blocks(rows) * block_size(in_));
}

std::size_t Bf16Linear::scratch_bytes() const {
  return Tape::kRowBlock * bf16_row_stride(std::max(in_, out_)) * sizeof(Bfloat16);
}

std::size_t Bf16Linear::gradient_bytes(std::size_t rows) const {
  return Tape::row_blocks(rows) * block_size(out_) * sizeof(Bfloat16);
}

void Bf16Linear::forward(std::size_t block, std::size_t rows, const float* x, float* out,
                         void* scratch) {
  auto* rounded = static_cast<Bfloat16*>(scratch);
  const std::size_t ldr = bf16_row_stride(in_);
  to_bf16_rows(x, in_, rows, in_, 1, rounded);
  to_bf16_panels(rounded, ldr, rows, in_, x_.data() + block * block_size(in_), kPanelStride);
  gemm_bf16(rows, out_, in_, rounded, ldr, packed_.forward(), false, out, out_);
}

void Bf16Linear::backward(std::size_t block, std::size_t rows, const float* d_out, float* d_x,
                          void* scratch, void* gradients) {
  auto* rounded = static_cast<Bfloat16*>(scratch);
  const std::size_t ldr = bf16_row_stride(out_);
  to_bf16_rows(d_out, out_, rows, out_, 1, rounded);
  to_bf16_panels(rounded, ldr, rows, out_,
                 static_cast<Bfloat16*>(gradients) + block * block_size(out_), kPanelStride);
  gemm_bf16(rows, in_, out_, rounded, ldr, packed_.backward(), false, d_x, in_);
}

void Bf16Linear::weight_gradient(std::size_t begin, std::size_t end, std::size_t rows, bool add,
                                 const void* gradients) {
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
