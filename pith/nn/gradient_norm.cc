#include "pith/nn/gradient_norm.h"

#include <algorithm>
#include <cmath>

#include "pith/tensor/cpu/adamw_update.h"
#include "pith/tensor/parallel.h"

namespace pith {
namespace {

constexpr std::size_t kPieceElements = 32768;

}  // namespace

std::vector<ParameterPiece> parameter_pieces(std::span<const Parameter> parameters) {
  std::vector<ParameterPiece> pieces;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::size_t n = parameters[i].gradient.size();
    for (std::size_t begin = 0; begin < n; begin += kPieceElements) {
      pieces.push_back({i, begin, std::min(n, begin + kPieceElements)});
    }
  }
  return pieces;
}

GradientNorm::GradientNorm(std::span<const Parameter> parameters)
    : parameters_(parameters.begin(), parameters.end()),
      pieces_(parameter_pieces(parameters)),
      squares_(pieces_.size()) {}

double GradientNorm::measure(ThreadPool& pool) {
  parallel_for(pool, pieces_.size(), [&](std::size_t index, std::size_t) {
    const ParameterPiece& piece = pieces_[index];
    const float* gradient = parameters_[piece.parameter].gradient.data() + piece.begin;
    squares_[index] = sum_of_squares(gradient, piece.end - piece.begin);
  });
  double squares = 0;
  for (const double piece : squares_) squares += piece;
  return std::sqrt(squares);
}

double clipping_scale(double norm, double most) {
  return most > 0 ? std::min(1.0, most / (norm + 1e-6)) : 1.0;
}

}  // namespace pith
