#include "pith/nn/parameter_store.h"

#include <utility>

#include "pith/base/check.h"
#include "pith/model/parameters.h"

namespace pith {

ParameterStore::ParameterStore(const ModelConfig& config) {
  std::vector<ParameterShape> shapes = parameter_shapes(config);
  std::size_t elements = 0;
  std::size_t dense = 0;
  for (const ParameterShape& shape : shapes) {
    elements += static_cast<std::size_t>(shape.elements());
    if (!shape.few_rows) dense += static_cast<std::size_t>(shape.elements());
  }
  values_ = AlignedFloats(elements);
  gradients_ = AlignedFloats(dense);
  std::size_t offset = 0, gradient = 0;
  for (ParameterShape& shape : shapes) {
    const auto count = static_cast<std::size_t>(shape.elements());
    Parameter parameter{std::move(shape.name),
                        std::move(shape.shape),
                        std::span(values_.data() + offset, count),
                        {}};
    parameter.by_gradient = shape.by_gradient;
    if (shape.few_rows) {
      rows_.emplace_back(static_cast<std::size_t>(parameter.shape[0]),
                         static_cast<std::size_t>(parameter.shape[1]));
      parameter.rows = &rows_.back();
    } else {
      parameter.gradient = std::span(gradients_.data() + gradient, count);
      gradient += count;
    }
    parameters_.push_back(std::move(parameter));
    offset += count;
  }
}

Weight ParameterStore::next(std::size_t more) {
  PITH_CHECK(next_ + more < parameters_.size(), "the network has the parameters that are listed");
  const Parameter& parameter = parameters_[next_];
  next_ += 1 + more;
  return {parameter.value.data(), parameter.gradient.data()};
}

const Parameter& ParameterStore::next_table() {
  PITH_CHECK(next_ < parameters_.size() && parameters_[next_].rows != nullptr,
             "the network has the parameters that are listed");
  return parameters_[next_++];
}

}  // namespace pith
