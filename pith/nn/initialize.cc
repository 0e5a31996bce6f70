#include "pith/nn/initialize.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "pith/base/check.h"
#include "pith/base/random.h"
#include "pith/model/parameters.h"

namespace pith {

void initialize_parameters(Transformer& transformer, std::uint64_t seed,
                           const InitializeOptions& options) {
  using Start = ParameterShape::Start;
  const std::vector<ParameterShape> shapes = parameter_shapes(transformer.config());
  const std::span<Parameter> parameters = transformer.parameters();
  PITH_CHECK(shapes.size() == parameters.size(), "a transformer has the parameters listed");
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::span<float> values = parameters[i].value;
    const Start start = shapes[i].start;
    if (start == Start::kOnes || start == Start::kZeros) {
      std::fill(values.begin(), values.end(), start == Start::kOnes ? 1.0f : 0.0f);
      continue;
    }
    double deviation = options.embedding;
    if (start != Start::kEmbedding) {
      deviation = options.hidden / std::sqrt(static_cast<double>(shapes[i].shape.back()));
      if (start == Start::kResidual) deviation *= options.residual;
    }
    Random random(seed, "initialize", i);
    for (float& value : values) value = static_cast<float>(deviation * random.normal());
  }
}

}  // namespace pith
