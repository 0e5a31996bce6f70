#pragma once

#include <cstdint>
#include <span>

#include "pith/nn/parameter.h"

namespace pith {

struct InitializeOptions {
  double embedding = 0.02;  // deviation of the embedding and of an output head of its own
  double hidden = 1;        // of hidden matrices, times 1 / sqrt(inputs): outputs keep their size
  double residual = 0;  // of o_proj, down_proj and fc2, which write to the residual stream, times
                        // that of the other hidden ones; 0: each layer begins as nothing
};

// Normal values, norm gains 1, biases 0, tables of which few rows are read 0; by the names of
// model/parameters.h. The same on every machine, and for a parameter whatever comes after it in the
// list.
void initialize_parameters(std::span<Parameter> parameters, std::uint64_t seed,
                           const InitializeOptions& options);

}  // namespace pith
