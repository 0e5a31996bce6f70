#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pith/nn/parameter.h"
#include "pith/tensor/cpu/packed_matrix.h"

namespace pith {

// The mean of parameters over several moments (Izmailov et al. 2018, "Stochastic weight
// averaging"). One thread at a time. Lifetime: the parameters' spans outlive this.
class WeightAverage {
 public:
  explicit WeightAverage(std::span<const Parameter> parameters);

  // Takes the values of this moment in; `before` moments are in already.
  void add(std::int64_t before);
  void store();  // the mean becomes the parameters' values
  std::vector<StateTensor> state();

 private:
  std::vector<Parameter> parameters_;
  AlignedFloats mean_;
};

}  // namespace pith
