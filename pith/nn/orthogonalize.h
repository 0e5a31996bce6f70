#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pith/tensor/cpu/packed_matrix.h"

// U V^T of a matrix X = U S V^T, roughly: all singular values are brought near 1 by a chain of odd
// polynomials p(x) = a x + b x^3 + c x^5, which need products only (Newton-Schulz iteration, as in
// Jordan et al. 2024, "Muon"). Each polynomial is the best one for the interval that the one before
// it leaves (Amsel et al. 2025, "The Polar Express").
//
// X is (R, C), s the smaller of both, l the larger. The chain runs on the Gram matrix, (s, s):
//
//   G = X X^T (or X^T X), P = I;  each time: B = a I + b G + c G^2, P = P B, G = G B^2
//
// and X is multiplied once, by the last P: 2 l s^2 + (4 n - 3) s^3 products for n polynomials where
// the chain on X itself takes n (2 l s^2 + s^3) (all symmetric ones cut in half). In 32-bit floats
// singular values below a 3,000th of the largest come out too small or too large by some per cent,
// which the chain does not promise to mend anyhow.
namespace pith {

struct OddPolynomial {
  double a = 0, b = 0, c = 0;  // a x + b x^3 + c x^5
  double at(double x) const { return x * (a + x * x * (b + x * x * c)); }
};

// The chain of n polynomials for singular values in [lowest, 1], 0 < lowest < 1. Deterministic.
std::vector<OddPolynomial> orthogonal_polynomials(int n, double lowest);

// Holds what one thread needs while it works on a matrix. One thread at a time.
class Orthogonalizer {
 public:
  explicit Orthogonalizer(std::size_t max_small);  // the most that the smaller side may be

  // x is (R, C) and `squares` the sum of the squares of its elements, to a few digits; out is
  // (R, C) and not x. A zero matrix gives zeros. The same bits on every call.
  void run(std::span<const OddPolynomial> chain, const float* x, std::size_t R, std::size_t C,
           double squares, float* out);

 private:
  AlignedFloats small_[5];  // (s, s) each
};

// The same in doubles on X itself, by the textbook.
void orthogonalize_ref(std::span<const OddPolynomial> chain, const float* x, std::size_t R,
                       std::size_t C, float* out);

}  // namespace pith
