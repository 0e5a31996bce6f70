#pragma once

#include <cstddef>
#include <optional>

#include "pith/nn/bf16_weight.h"
#include "pith/nn/int8_weight.h"
#include "pith/nn/ops/weight.h"
#include "pith/tensor/precision.h"

namespace pith {

// The arithmetic of a linear op in bfloat16 or 8 bits: out = x W^T, W is (out, in). Takes and gives
// floats, a block of Tape::kRowBlock rows at a time, which is rounded while it is in cache. In
// either case the gradient of W is summed from bfloat16 (the sum over all tokens is what 8 bits
// harm most: Wortsman et al. 2023). Of x it keeps what that needs, in half the bytes, so x need not
// be kept for backward.
//
// Threads: forward() and backward() of different blocks, and weight_gradient() of different tasks,
// at once.
class LowPrecisionLinear {
 public:
  LowPrecisionLinear(Weight weight, std::size_t in, std::size_t out, Precision precision);
  void reserve(std::size_t rows);

  std::size_t scratch_bytes() const;                   // of a worker in forward() and backward()
  std::size_t gradient_bytes(std::size_t rows) const;  // from backward() to weight_gradient()

  std::size_t pack_tasks() const { return int8_ ? int8_->tasks() : bf16_->tasks(); }
  void pack(std::size_t task, bool with_backward);

  // x is (rows, in), out (rows, out): those of block `block`. keep: backward follows.
  void forward(std::size_t block, std::size_t rows, const float* x, float* out, bool keep,
               void* scratch);
  // d_x is (rows, in).
  void backward(std::size_t block, std::size_t rows, const float* d_out, float* d_x, void* scratch,
                void* gradients);
  // Rows [begin, end) of W, `begin` a multiple of 32, from all blocks of `rows` rows; added to what
  // is there or written.
  void weight_gradient(std::size_t begin, std::size_t end, std::size_t rows, bool add,
                       const void* gradients);

 private:
  Weight weight_;
  std::size_t in_, out_;
  std::optional<Bf16Weight> bf16_;  // one of the two
  std::optional<Int8Weight> int8_;
  AlignedArray<Bfloat16> x_;  // (block, rows of it, in), each block in panels
};

}  // namespace pith
