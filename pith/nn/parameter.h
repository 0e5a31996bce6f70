#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pith {

// One trained tensor, a view into its transformer. `value` and `gradient` have the elements that
// `shape` says, row-major.
struct Parameter {
  std::string name;  // as in model/parameters.h
  std::vector<std::int64_t> shape;
  std::span<float> value;
  std::span<float> gradient;

  bool is_matrix() const { return shape.size() == 2; }
};

}  // namespace pith
