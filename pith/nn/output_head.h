#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "pith/nn/bf16_output_head.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"

namespace pith {

// The end of the network: logits = x W^T, W is (V, C), bounded softly where softcap is not 0
// (tensor/cpu/softcap.h), and cross-entropy against the targets. A block of tokens at a time goes
// through logits, softmax, loss and gradients, so that the logits of the whole batch never exist;
// the block's size follows from V alone.
class OutputHead {
 public:
  OutputHead(Activation* x, Weight weight, std::size_t V, float softcap = 0)
      : x_(x), weight_(weight), V_(V), softcap_(softcap) {}
  void reserve(std::size_t max_rows, ThreadPool& pool,  // which outlives this
               Precision precision = Precision::kFloat32);

  // Fills losses() of the batch, in nats, 0 where targets are -1.
  void loss(const Step& step);
  // The same, and the gradients of x (written) and W (by step.add_gradients).
  void loss_and_gradients(const Step& step);
  // out is (rows, V).
  void logits(const Step& step, float* out) const;

  const std::vector<float>& losses() const { return losses_; }

 private:
  std::size_t block_rows() const;
  void block_forward(const Step& step, std::size_t first, std::size_t end, const float* d_scale);
  void block_weight_gradient(const Step& step, std::size_t first, std::size_t end);

  Activation* x_;
  Weight weight_;
  std::size_t V_;
  float softcap_;
  ThreadPool* pool_ = nullptr;
  std::unique_ptr<Bf16OutputHead> bf16_;  // does the work where it is there
  AlignedFloats logits_;                  // (block rows, V)
  AlignedFloats slopes_;                  // (block rows, V), of softcap where there is one
  std::vector<float> losses_;             // (rows)
};

}  // namespace pith
