#include "pith/nn/initialize.h"

#include <algorithm>
#include <cmath>

#include "pith/base/random.h"

namespace pith {

void initialize_parameters(std::span<Parameter> parameters, std::uint64_t seed,
                           const InitializeOptions& options) {
  std::uint64_t index = 0;
  for (Parameter& parameter : parameters) {
    Random random(seed, "initialize", index++);
    const auto named = [&](const char* part) {
      return parameter.name.find(part) != std::string::npos;
    };
    if (parameter.shape.size() < 2) {
      std::fill(parameter.value.begin(), parameter.value.end(), named("bias") ? 0.0f : 1.0f);
      continue;
    }
    if (parameter.rows != nullptr) {
      std::fill(parameter.value.begin(), parameter.value.end(), 0.0f);
      continue;
    }
    double deviation = options.embedding;
    if (!named("embed") && !named("lm_head")) {
      deviation = options.hidden / std::sqrt(static_cast<double>(parameter.shape.back()));
      if (named("o_proj") || named("down_proj") || named("mlp.fc2")) deviation *= options.residual;
    }
    for (float& value : parameter.value) value = static_cast<float>(deviation * random.normal());
  }
}

}  // namespace pith
