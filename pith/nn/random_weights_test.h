#pragma once

#include <cstdint>

#include "pith/base/random.h"
#include "pith/nn/initialize.h"

namespace pith {

// For tests: weights far from a training's first ones, so that every part of the network matters.
// Gains are about 1 and all else about 0, normal with `deviation`.
inline void randomize_weights(Transformer& transformer, float deviation, std::uint64_t seed) {
  initialize_parameters(transformer, seed, {.embedding = 0, .hidden = 0});
  for (Parameter& parameter : transformer.parameters()) {
    Random random(seed, parameter.name);
    for (float& value : parameter.value) value += deviation * static_cast<float>(random.normal());
  }
}

}  // namespace pith
