#pragma once

#include <cstdint>

#include "pith/nn/transformer.h"

namespace pith {

struct InitializeOptions {
  double embedding = 0.02;  // deviation of the embedding and of an output head of its own
  double hidden = 1;        // of hidden matrices, times 1 / sqrt(inputs): outputs keep their size
  double residual = 0;      // of those whose products are added to the residual stream, times that
                            // of the other hidden ones; 0: each layer begins as nothing
};

// First weights, by what each tensor is (ParameterShape::start in model/parameters.h): normal
// values, gains of norms 1, biases of routers and tables of n-grams 0. The same on every machine,
// and for a parameter whatever comes after it in the list.
void initialize_parameters(Transformer& transformer, std::uint64_t seed,
                           const InitializeOptions& options);

}  // namespace pith
