#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "pith/model/config.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/parameter.h"
#include "pith/nn/row_gradients.h"
#include "pith/tensor/cpu/packed_matrix.h"

namespace pith {

// The parameters of a model in one block of memory and their gradients in another, in the order of
// model/parameters.h; what stands side by side is without a gap between. Zeros at first.
class ParameterStore {
 public:
  explicit ParameterStore(const ModelConfig& config);

  // The next parameter, and behind it `more` that are used as one with it.
  Weight next(std::size_t more = 0);
  const Parameter& next_table();  // likewise, one that has `rows`
  Weight first() { return {values_.data(), gradients_.data()}; }
  std::size_t taken() const { return next_; }

  std::span<Parameter> parameters() { return parameters_; }

 private:
  AlignedFloats values_, gradients_;
  std::deque<RowGradients> rows_;
  std::vector<Parameter> parameters_;
  std::size_t next_ = 0;
};

}  // namespace pith
