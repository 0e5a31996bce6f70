#pragma once

#include <cstddef>
#include <vector>

#include "pith/nn/bf16_weight.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// The arithmetic of OutputHead in bfloat16. A task takes a few tokens from x to logits (floats, in
// the second cache), loss and their gradients, which are rounded once, and on to the gradient of x;
// a block of tasks then gives its share of W's gradient.
class Bf16OutputHead {
 public:
  // W is (V, C); softcap 0: none.
  Bf16OutputHead(Activation* x, Weight weight, std::size_t V, float softcap, std::size_t max_rows,
                 ThreadPool& pool);

  // As OutputHead's; gradients too where step.gradients.
  void loss(const Step& step, float* losses);
  void logits(const Step& step, float* out);

 private:
  struct Scratch {                       // of a worker
    AlignedFloats logits;                // (task rows, V)
    AlignedFloats slopes;                // (task rows, V), of softcap where there is one
    AlignedArray<Bfloat16> x, d_logits;  // (task rows, C) and (task rows, V)
  };
  void pack(bool with_backward);
  void block_forward(const Step& step, std::size_t first, std::size_t end, float* losses);
  void block_weight_gradient(const Step& step, std::size_t first, std::size_t end);

  Activation* x_;
  Weight weight_;
  std::size_t V_;
  float softcap_;
  std::size_t task_rows_, block_rows_;
  ThreadPool& pool_;
  Bf16Weight packed_;
  std::vector<Scratch> scratch_;
  AlignedArray<Bfloat16> x_panels_, d_panels_;  // of a block: (block rows, C), (block rows, V)
};

}  // namespace pith
