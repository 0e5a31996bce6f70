#pragma once

#include <cstddef>
#include <vector>

namespace pith {

// A buffer of `floats` that is needed from time `first` to time `last`, both included.
struct Lifetime {
  std::size_t floats = 0;
  int first = 0, last = 0;
};

struct MemoryPlan {
  std::vector<std::size_t> offsets;  // one per lifetime, multiples of 16 floats
  std::size_t floats = 0;            // in all
};

// Places buffers so that no two that live at one time overlap: the largest first, each at the
// lowest place that is free throughout its life.
MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes);

}  // namespace pith
