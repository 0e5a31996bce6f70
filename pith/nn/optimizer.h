#pragma once

#include <cstdint>
#include <vector>

#include "pith/nn/parameter.h"

namespace pith {

// Changes parameters by their gradients.
// Threads: one caller at a time. The same bits for any number of threads that it works with.
// Lifetime: the parameters' spans outlive this.
class Optimizer {
 public:
  Optimizer() = default;
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // One update; returns the norm of all gradients before clipping. When that is not finite nothing
  // is changed, the number of steps neither. Gradients are left as they are.
  virtual double step(double learning_rate) = 0;

  // All that the next step depends on besides parameters, gradients and steps(). The spans live as
  // long as this; what is written there counts.
  virtual std::vector<StateTensor> state() = 0;

  std::int64_t steps() const { return steps_; }  // taken
  void set_steps(std::int64_t steps) { steps_ = steps; }

 protected:
  std::int64_t steps_ = 0;
};

}  // namespace pith
