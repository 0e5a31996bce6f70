#pragma once

#include <string>
#include <string_view>

#include "pith/model/parameters.h"

// What the tests of architectures share.
namespace pith {

// With grouped queries, and heads that divide the width.
inline ModelConfig small_config(std::string_view architecture) {
  return {.architecture = std::string(architecture),
          .vocab_size = 300,
          .hidden_size = 48,
          .intermediate_size = 100,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 12,
          .context = 128,
          .tie_embeddings = false};
}

// The tensors of a layer in order, each followed by a space, without "model.layers.N." and
// ".weight"; "" when there is no such layer.
inline std::string names_of_layer(const ModelConfig& config, int layer) {
  const std::string prefix = "model.layers." + std::to_string(layer) + ".";
  const std::string_view weight = ".weight";
  std::string names;
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    if (!parameter.name.starts_with(prefix)) continue;
    std::string name = parameter.name.substr(prefix.size());
    if (name.ends_with(weight)) name.resize(name.size() - weight.size());
    names += name + " ";
  }
  return names;
}

}  // namespace pith
