#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "pith/base/threads.h"
#include "pith/nn/gradient_norm.h"
#include "pith/nn/optimizer.h"
#include "pith/nn/row_adagrad.h"
#include "pith/tensor/cpu/adamw_update.h"
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
  double table_rate = 8;           // of RowAdagrad, as part of step()'s
};

// The update alone, for those of the parameters whose gradient is not by rows, in pieces that any
// threads may take (Muon has one for what it does not take itself). begin_update() first, then
// every piece once.
class AdamWUpdate {
 public:
  AdamWUpdate(std::span<const Parameter> parameters, const AdamWOptions& options);

  // `steps` taken, this one included; gradients count `gradient_scale` times.
  void begin_update(double learning_rate, double gradient_scale, std::int64_t steps);
  std::size_t pieces() const { return pieces_.size(); }
  void update_piece(std::size_t index);

  void add_state(std::vector<StateTensor>& state);

 private:
  struct Moments {
    std::span<float> first, second;
  };
  std::vector<Parameter> parameters_;
  AdamWOptions options_;
  std::vector<ParameterPiece> pieces_;
  AlignedFloats first_, second_;
  std::vector<Moments> moments_;
  AdamWCoefficients with_;  // of the update at hand; decay: of matrices
};

class AdamW : public Optimizer {
 public:
  AdamW(std::span<const Parameter> parameters, const AdamWOptions& options, int threads);
  double step(double learning_rate) override;
  std::vector<StateTensor> state() override;

 private:
  AdamWOptions options_;
  ThreadPool pool_;
  GradientNorm norm_;
  AdamWUpdate update_;
  RowAdagrad tables_;
};

}  // namespace pith
