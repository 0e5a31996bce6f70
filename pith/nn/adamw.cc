#include "pith/nn/adamw.h"

#include <cmath>

#include "pith/tensor/parallel.h"

namespace pith {

AdamWUpdate::AdamWUpdate(std::span<const Parameter> parameters, const AdamWOptions& options)
    : options_(options) {
  for (const Parameter& parameter : parameters) {
    if (parameter.rows == nullptr) parameters_.push_back(parameter);
  }
  pieces_ = parameter_pieces(parameters_);
  std::size_t elements = 0;
  for (const Parameter& parameter : parameters_) elements += parameter.value.size();
  first_ = AlignedFloats(elements);
  second_ = AlignedFloats(elements);
  std::size_t offset = 0;
  for (const Parameter& parameter : parameters_) {
    const std::size_t n = parameter.value.size();
    moments_.push_back({{first_.data() + offset, n}, {second_.data() + offset, n}});
    offset += n;
  }
}

void AdamWUpdate::begin_update(double learning_rate, double gradient_scale, std::int64_t steps) {
  const auto taken = static_cast<double>(steps);
  const double correction1 = 1 - std::pow(options_.beta1, taken);
  const double correction2 = 1 - std::pow(options_.beta2, taken);
  with_.gradient_scale = static_cast<float>(gradient_scale);
  with_.beta1 = static_cast<float>(options_.beta1);
  with_.beta2 = static_cast<float>(options_.beta2);
  with_.step_size = static_cast<float>(learning_rate / correction1);
  with_.inverse_root = static_cast<float>(1 / std::sqrt(correction2));
  with_.epsilon = static_cast<float>(options_.epsilon);
  with_.decay = static_cast<float>(1 - learning_rate * options_.weight_decay);
}

void AdamWUpdate::update_piece(std::size_t index) {
  const ParameterPiece& piece = pieces_[index];
  const Parameter& parameter = parameters_[piece.parameter];
  AdamWCoefficients mine = with_;
  if (!parameter.is_matrix()) mine.decay = 1.0f;
  adamw_update(mine, parameter.gradient.data() + piece.begin, piece.end - piece.begin,
               parameter.value.data() + piece.begin,
               moments_[piece.parameter].first.data() + piece.begin,
               moments_[piece.parameter].second.data() + piece.begin);
}

void AdamWUpdate::add_state(std::vector<StateTensor>& state) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& parameter = parameters_[i];
    state.push_back({"adamw.first." + parameter.name, parameter.shape, moments_[i].first});
    state.push_back({"adamw.second." + parameter.name, parameter.shape, moments_[i].second});
  }
}

AdamW::AdamW(std::span<const Parameter> parameters, const AdamWOptions& options, int threads)
    : options_(options),
      pool_(threads),
      norm_(parameters),
      update_(parameters, options),
      tables_(parameters) {}

double AdamW::step(double learning_rate) {
  const double norm = norm_.measure(pool_);
  if (!std::isfinite(norm)) return norm;
  ++steps_;
  update_.begin_update(learning_rate, clipping_scale(norm, options_.max_gradient_norm), steps_);
  parallel_for(pool_, tables_.tables() + update_.pieces(), [&](std::size_t index, std::size_t) {
    if (index < tables_.tables()) {
      tables_.update(index, learning_rate * options_.table_rate);
    } else {
      update_.update_piece(index - tables_.tables());
    }
  });
  return norm;
}

std::vector<StateTensor> AdamW::state() {
  std::vector<StateTensor> state;
  update_.add_state(state);
  tables_.add_state(state);
  return state;
}

}  // namespace pith
