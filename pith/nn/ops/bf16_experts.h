#pragma once

#include <cstddef>
#include <vector>

#include "pith/nn/bf16_weight.h"
#include "pith/nn/ops/weight.h"
#include "pith/tensor/aligned_array.h"

namespace pith {

// The products of experts in bfloat16: those of one matrix of every expert, out = x W_e^T, W_e is
// (out, in), those of the experts `stride` floats apart. Works on blocks of any number of rows of
// one expert, and keeps of a block what the gradient of its matrix needs, in memory of the caller.
//
// Threads: as low_precision_linear.h.
class Bf16ExpertMatrices {
 public:
  Bf16ExpertMatrices(Weight first, std::size_t stride, std::size_t experts, std::size_t in,
                     std::size_t out);

  std::size_t pack_tasks() const { return packed_.size() * packed_.front().tasks(); }
  void pack(std::size_t task, bool with_backward);

  // Numbers that a block of `rows` rows keeps: of x from forward(), of d_out from backward().
  static std::size_t kept(std::size_t rows, std::size_t width);
  // At most, of all blocks of `rows` rows in all.
  static std::size_t most_kept(std::size_t rows, std::size_t blocks, std::size_t width);

  // x is rounded, in rows bf16_row_stride(in) apart; d_out bf16_row_stride(out).
  void forward(std::size_t expert, std::size_t rows, const Bfloat16* x, float* out,
               Bfloat16* kept_x) const;
  void backward(std::size_t expert, std::size_t rows, const Bfloat16* d_out, float* d_x,
                Bfloat16* kept_d_out) const;
  // Of one block; added to what is there or written.
  void weight_gradient(std::size_t expert, std::size_t rows, const Bfloat16* kept_x,
                       const Bfloat16* kept_d_out, bool add) const;

 private:
  Weight first_;
  std::size_t stride_, in_, out_;
  std::vector<Bf16Weight> packed_;
};

}  // namespace pith
