#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pith/base/threads.h"
#include "pith/nn/parameter.h"

namespace pith {

// What one thread takes of a parameter at a time: elements [begin, end).
struct ParameterPiece {
  std::size_t parameter = 0, begin = 0, end = 0;
};

// All elements that have a gradient, in the order of the list, in pieces of at most 32,768.
std::vector<ParameterPiece> parameter_pieces(std::span<const Parameter> parameters);

// The Euclidean norm of all gradients but those by rows, which Adagrad scales anyway. Squares are
// summed in pieces, in a fixed order: the same bits for any number of threads. Lifetime: the
// parameters' spans outlive this.
class GradientNorm {
 public:
  explicit GradientNorm(std::span<const Parameter> parameters);
  double measure(ThreadPool& pool);

 private:
  std::vector<Parameter> parameters_;
  std::vector<ParameterPiece> pieces_;
  std::vector<double> squares_;  // (pieces)
};

// What gradients are multiplied with so that their norm is at most `most`; 0: no bound. As
// torch.nn.utils.clip_grad_norm_.
double clipping_scale(double norm, double most);

}  // namespace pith
