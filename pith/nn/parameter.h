#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pith {

class RowGradients;

// One trained tensor, a view into its transformer. `value` and `gradient` have the elements that
// `shape` says, row-major.
struct Parameter {
  std::string name;  // as in model/parameters.h
  std::vector<std::int64_t> shape;
  std::span<float> value;
  std::span<float> gradient;     // empty where there are `rows`
  RowGradients* rows = nullptr;  // the gradient of a table of which a step reads few rows
  // False: the model moves it itself (Transformer::end_step), and its gradient stays zero.
  bool by_gradient = true;

  bool is_matrix() const { return shape.size() == 2; }
};

// A tensor that a training goes on from, a view: what a checkpoint holds, weights or an
// optimizer's.
struct StateTensor {
  std::string name;  // "adamw.first.model.norm.weight"; no two alike
  std::vector<std::int64_t> shape;
  std::span<float> values;
};

}  // namespace pith
