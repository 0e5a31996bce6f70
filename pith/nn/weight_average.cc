#include "pith/nn/weight_average.h"

#include <algorithm>

namespace pith {

WeightAverage::WeightAverage(std::span<const Parameter> parameters)
    : parameters_(parameters.begin(), parameters.end()) {
  std::size_t elements = 0;
  for (const Parameter& parameter : parameters_) elements += parameter.value.size();
  mean_ = AlignedFloats(elements);
}

void WeightAverage::add(std::int64_t before) {
  const float share = 1.0f / static_cast<float>(before + 1);
  float* mean = mean_.data();
  for (const Parameter& parameter : parameters_) {
    for (const float value : parameter.value) {
      *mean += share * (value - *mean);
      ++mean;
    }
  }
}

void WeightAverage::store() {
  const float* mean = mean_.data();
  for (Parameter& parameter : parameters_) {
    std::copy_n(mean, parameter.value.size(), parameter.value.begin());
    mean += parameter.value.size();
  }
}

std::vector<StateTensor> WeightAverage::state() {
  std::vector<StateTensor> state;
  float* mean = mean_.data();
  for (const Parameter& parameter : parameters_) {
    state.push_back({"average." + parameter.name, parameter.shape, {mean, parameter.value.size()}});
    mean += parameter.value.size();
  }
  return state;
}

}  // namespace pith
