#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pith/nn/parameter.h"
#include "pith/tensor/aligned_array.h"

namespace pith {

// Adagrad with one sum of squares a row (Duchi et al. 2011; a row's mean as in Mudigere et al.
// 2021), for tables of which a step reads few rows: a step costs what the rows read cost.
//
//   s[r] += mean(g[r]^2);  w[r] -= rate g[r] / (sqrt(s[r]) + 1e-10)
//
// Rows are small steps apart from one another in how often they are read, which is what Adagrad
// makes up for; the first step of a row has the size of the rate.
class RowAdagrad {
 public:
  // Takes the parameters that have `rows`.
  explicit RowAdagrad(std::span<const Parameter> parameters);

  std::size_t tables() const { return tables_.size(); }
  void update(std::size_t table, double learning_rate);  // any thread, a table at a time

  void add_state(std::vector<StateTensor>& state);

 private:
  struct Table {
    Parameter parameter;
    std::span<float> squares;  // (R)
  };
  std::vector<Table> tables_;
  AlignedFloats squares_;
};

}  // namespace pith
