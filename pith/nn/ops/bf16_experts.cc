#include "pith/nn/ops/bf16_experts.h"

#include "pith/tensor/cpu/bf16_gemm.h"

namespace pith {

Bf16ExpertMatrices::Bf16ExpertMatrices(Weight first, std::size_t stride, std::size_t experts,
                                       std::size_t in, std::size_t out)
    : first_(first), stride_(stride), in_(in), out_(out) {
  for (std::size_t e = 0; e < experts; ++e) packed_.emplace_back(out, in);
}

void Bf16ExpertMatrices::pack(std::size_t task, bool with_backward) {
  const std::size_t tasks = packed_.front().tasks(), expert = task / tasks;
  packed_[expert].pack(task % tasks, first_.value + expert * stride_, with_backward);
}

std::size_t Bf16ExpertMatrices::kept(std::size_t rows, std::size_t width) {
  return bf16_panels(width) * bf16_panel_size(rows);
}

std::size_t Bf16ExpertMatrices::most_kept(std::size_t rows, std::size_t blocks, std::size_t width) {
  return bf16_panels(width) * kBf16Panel * (rows + blocks);  // a row of zeros to each at most
}

void Bf16ExpertMatrices::forward(std::size_t expert, std::size_t rows, const Bfloat16* x,
                                 float* out, Bfloat16* kept_x) const {
  const std::size_t ldr = bf16_row_stride(in_);
  to_bf16_panels(x, ldr, rows, in_, kept_x, bf16_panel_size(rows));
  gemm_bf16(rows, out_, in_, x, ldr, packed_[expert].forward(), false, out, out_);
}

void Bf16ExpertMatrices::backward(std::size_t expert, std::size_t rows, const Bfloat16* d_out,
                                  float* d_x, Bfloat16* kept_d_out) const {
  const std::size_t ldr = bf16_row_stride(out_);
  to_bf16_panels(d_out, ldr, rows, out_, kept_d_out, bf16_panel_size(rows));
  gemm_bf16(rows, in_, out_, d_out, ldr, packed_[expert].backward(), false, d_x, in_);
}

void Bf16ExpertMatrices::weight_gradient(std::size_t expert, std::size_t rows,
                                         const Bfloat16* kept_x, const Bfloat16* kept_d_out,
                                         bool add) const {
  const std::size_t panel = bf16_panel_size(rows);
  gemm_bf16_transposed(out_, in_, rows, {kept_d_out, panel}, {kept_x, panel}, add,
                       first_.gradient + expert * stride_, in_);
}

}  // namespace pith
