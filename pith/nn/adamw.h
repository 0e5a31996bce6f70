#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pith/base/threads.h"
#include "pith/nn/parameter.h"
#include "pith/tensor/cpu/packed_matrix.h"

// AdamW (Loshchilov and Hutter 2019) with clipping by the global gradient norm, as
// torch.optim.AdamW and torch.nn.utils.clip_grad_norm_ do it; weight decay on matrices only.
namespace pith {

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.1;       // times the learning rate; matrices only
  double max_gradient_norm = 1.0;  // gradients are scaled down to it; 0: no clipping
};

// Threads: one caller at a time; step() works on `threads` threads, with the same bits whatever
// their number. Lifetime: the parameters' spans outlive this.
class AdamW {
 public:
  AdamW(std::span<const Parameter> parameters, const AdamWOptions& options, int threads);

  // One update; returns the gradient norm before clipping. When that is not finite nothing is
  // changed (the step count neither) and the caller has to stop. Gradients are left as they are.
  double step(double learning_rate);

  // State for checkpoints: moments of parameter i, and the number of steps taken.
  std::span<float> first_moment(std::size_t i) { return moments_[i].first; }
  std::span<float> second_moment(std::size_t i) { return moments_[i].second; }
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 private:
  struct Moments {
    std::span<float> first, second;
  };
  struct Piece {  // what one thread takes at a time
    std::size_t parameter, begin, end;
    double squares;  // of its gradients
  };
  std::vector<Parameter> parameters_;
  AdamWOptions options_;
  ThreadPool pool_;
  std::vector<Piece> pieces_;
  AlignedFloats first_, second_;
  std::vector<Moments> moments_;
  std::int64_t steps_ = 0;
};

}  // namespace pith
