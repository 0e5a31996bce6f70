#include "pith/nn/adamw.h"

#include <algorithm>
#include <cmath>

#include "pith/tensor/cpu/adamw_update.h"
#include "pith/tensor/parallel.h"

namespace pith {
namespace {

constexpr std::size_t kPieceElements = 32768;

}  // namespace

AdamW::AdamW(std::span<const Parameter> parameters, const AdamWOptions& options, int threads)
    : parameters_(parameters.begin(), parameters.end()), options_(options), pool_(threads) {
  std::size_t elements = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::size_t n = parameters_[i].value.size();
    elements += n;
    for (std::size_t begin = 0; begin < n; begin += kPieceElements) {
      pieces_.push_back({i, begin, std::min(n, begin + kPieceElements), 0.0});
    }
  }
  first_ = AlignedFloats(elements);
  second_ = AlignedFloats(elements);
  std::size_t offset = 0;
  for (const Parameter& parameter : parameters_) {
    const std::size_t n = parameter.value.size();
    moments_.push_back({{first_.data() + offset, n}, {second_.data() + offset, n}});
    offset += n;
  }
}

double AdamW::step(double learning_rate) {
  parallel_for(pool_, pieces_.size(), [&](std::size_t index, std::size_t) {
    Piece& piece = pieces_[index];
    const float* gradient = parameters_[piece.parameter].gradient.data() + piece.begin;
    piece.squares = sum_of_squares(gradient, piece.end - piece.begin);
  });
  double squares = 0;
  for (const Piece& piece : pieces_) squares += piece.squares;
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return norm;

  ++steps_;
  const double most = options_.max_gradient_norm;
  const double clip = most > 0 ? std::min(1.0, most / (norm + 1e-6)) : 1.0;
  const auto taken = static_cast<double>(steps_);
  const double correction1 = 1 - std::pow(options_.beta1, taken);
  const double correction2 = 1 - std::pow(options_.beta2, taken);
  AdamWCoefficients with;
  with.gradient_scale = static_cast<float>(clip);
  with.beta1 = static_cast<float>(options_.beta1);
  with.beta2 = static_cast<float>(options_.beta2);
  with.step_size = static_cast<float>(learning_rate / correction1);
  with.inverse_root = static_cast<float>(1 / std::sqrt(correction2));
  with.epsilon = static_cast<float>(options_.epsilon);
  const auto decay = static_cast<float>(1 - learning_rate * options_.weight_decay);

  parallel_for(pool_, pieces_.size(), [&](std::size_t index, std::size_t) {
    const Piece& piece = pieces_[index];
    const Parameter& parameter = parameters_[piece.parameter];
    AdamWCoefficients mine = with;
    mine.decay = parameter.is_matrix() ? decay : 1.0f;
    adamw_update(mine, parameter.gradient.data() + piece.begin, piece.end - piece.begin,
                 parameter.value.data() + piece.begin,
                 moments_[piece.parameter].first.data() + piece.begin,
                 moments_[piece.parameter].second.data() + piece.begin);
  });
  return norm;
}

}  // namespace pith
