#pragma once

namespace pith {

// A trained tensor as an op sees it; rows of several parameters that stand side by side are one. A
// constant has no gradient.
struct Weight {
  float* value = nullptr;
  float* gradient = nullptr;
};

}  // namespace pith
