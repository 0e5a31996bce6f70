#include "pith/nn/orthogonalize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "pith/base/check.h"
#include "pith/tensor/cpu/adamw_update.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

constexpr std::size_t kRows = 64;      // of a symmetric product at once
constexpr std::size_t kTile = 16;      // of a transposition, while it is in cache
constexpr double kCushion = 0.024;     // least interval a polynomial is made for, as a share
constexpr double kBoundSlack = 1.001;  // over the bound of the largest singular value: rounding

// The odd quintic that is nearest to 1 on [low, high]: it goes to and fro between 1 - e and 1 + e
// at four points, the two in between being where its slope is 0 (Remez's exchange).
OddPolynomial nearest_to_one(double low, double high) {
  if (low >= high * (1 - 1e-5)) {  // Pade's: no interval is left to speak of
    return {15.0 / 8 / high, -10.0 / 8 / std::pow(high, 3), 3.0 / 8 / std::pow(high, 5)};
  }
  std::array<double, 4> points{low, (3 * low + high) / 4, (low + 3 * high) / 4, high};
  OddPolynomial p;
  double before = 0;
  for (int round = 0; round < 50; ++round) {
    // Rows: a x + b x^3 + c x^5 + sign e = 1.
    double m[4][5];
    for (int i = 0; i < 4; ++i) {
      const double x = points[static_cast<std::size_t>(i)];
      m[i][0] = x, m[i][1] = x * x * x, m[i][2] = m[i][1] * x * x;
      m[i][3] = i % 2 == 0 ? 1 : -1, m[i][4] = 1;
    }
    for (int column = 0; column < 4; ++column) {
      int pivot = column;
      for (int i = column + 1; i < 4; ++i) {
        if (std::abs(m[i][column]) > std::abs(m[pivot][column])) pivot = i;
      }
      for (int j = 0; j < 5; ++j) std::swap(m[column][j], m[pivot][j]);
      for (int i = 0; i < 4; ++i) {
        if (i == column) continue;
        const double factor = m[i][column] / m[column][column];
        for (int j = column; j < 5; ++j) m[i][j] -= factor * m[column][j];
      }
    }
    p = {m[0][4] / m[0][0], m[1][4] / m[1][1], m[2][4] / m[2][2]};
    const double error = m[3][4] / m[3][3];
    if (std::abs(error - before) < 1e-15) break;
    before = error;
    const double root = std::sqrt(std::max(0.0, 9 * p.b * p.b - 20 * p.a * p.c));
    points[1] = std::sqrt((-3 * p.b - root) / (10 * p.c));
    points[2] = std::sqrt((-3 * p.b + root) / (10 * p.c));
  }
  return p;
}

// The lower triangle of m, (s, s), into the upper one.
void mirror(std::size_t s, float* m) {
  for (std::size_t i0 = 0; i0 < s; i0 += kTile) {
    const std::size_t i1 = std::min(s, i0 + kTile);
    for (std::size_t j0 = 0; j0 <= i0; j0 += kTile) {
      for (std::size_t i = i0; i < i1; ++i) {
        for (std::size_t j = j0; j < std::min(i, j0 + kTile); ++j) m[j * s + i] = m[i * s + j];
      }
    }
  }
}

// out = a b for symmetric a and b, (s, s), that commute, so that out is symmetric too.
void multiply_symmetric(std::size_t s, const float* a, const float* b, float* out) {
  for (std::size_t i = 0; i < s; i += kRows) {
    const std::size_t rows = std::min(kRows, s - i);
    gemm(Transpose::kNo, Transpose::kNo, rows, i + rows, s, 1, a + i * s, s, b, s, 0, out + i * s,
         s);
  }
  mirror(s, out);
}

// out = scale x x^T for R <= C, else scale x^T x.
void gram(const float* x, std::size_t R, std::size_t C, float scale, float* out) {
  const std::size_t s = std::min(R, C);
  for (std::size_t i = 0; i < s; i += kRows) {
    const std::size_t rows = std::min(kRows, s - i);
    if (R <= C) {
      gemm(Transpose::kNo, Transpose::kYes, rows, i + rows, C, scale, x + i * C, C, x, C, 0,
           out + i * s, s);
    } else {
      gemm(Transpose::kYes, Transpose::kNo, rows, i + rows, R, scale, x + i, C, x, C, 0,
           out + i * s, s);
    }
  }
  mirror(s, out);
}

// out = a I + b G + c G^2
void evaluate(std::size_t s, const OddPolynomial& p, const float* G, const float* G2, float* out) {
  const auto b = static_cast<float>(p.b), c = static_cast<float>(p.c);
  for (std::size_t i = 0; i < s * s; ++i) out[i] = b * G[i] + c * G2[i];
  for (std::size_t i = 0; i < s; ++i) out[i * s + i] += static_cast<float>(p.a);
}

}  // namespace

std::vector<OddPolynomial> orthogonal_polynomials(int n, double lowest) {
  PITH_CHECK(n >= 1 && lowest > 0 && lowest < 1, "a chain has polynomials and an interval");
  std::vector<OddPolynomial> chain;
  double low = lowest, high = 1;
  for (int i = 0; i < n; ++i) {
    const double cushioned = std::max(low, kCushion * high);
    OddPolynomial p = nearest_to_one(cushioned, high);
    // One made for a narrower interval: what the whole is brought to is centred around 1 again.
    const double top = 2 - p.at(cushioned), centre = 2 / (p.at(low) + top);
    p = {p.a * centre, p.b * centre, p.c * centre};
    low = p.at(low);
    high = 2 - low;
    chain.push_back(p);
  }
  return chain;
}

Orthogonalizer::Orthogonalizer(std::size_t max_small) {
  for (AlignedFloats& matrix : small_) matrix = AlignedFloats(max_small * max_small);
}

void Orthogonalizer::run(std::span<const OddPolynomial> chain, const float* x, std::size_t R,
                         std::size_t C, double squares, float* out) {
  const std::size_t s = std::min(R, C);
  if (!(squares > 0)) {
    std::fill_n(out, R * C, 0.0f);
    return;
  }
  float *G = small_[0].data(), *G2 = small_[1].data(), *B = small_[2].data();
  float *P = small_[3].data(), *spare = small_[4].data();
  gram(x, R, C, static_cast<float>(1 / squares), G);
  multiply_symmetric(s, G, G, G2);
  // The largest eigenvalue of G is at most the fourth root of the sum of all to the fourth, which
  // is nearer to it than the trace, so that the chain begins higher.
  const double bound = kBoundSlack * std::sqrt(std::sqrt(sum_of_squares(G2, s * s)));
  const auto scale = static_cast<float>(1 / bound);
  for (std::size_t i = 0; i < s * s; ++i) {
    G[i] *= scale;
    G2[i] *= scale * scale;
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (i > 0) multiply_symmetric(s, G, G, G2);
    evaluate(s, chain[i], G, G2, B);
    if (i + 1 < chain.size()) {  // G = G B^2
      multiply_symmetric(s, G, B, G2);
      multiply_symmetric(s, G2, B, G);
    }
    if (i == 0) {
      std::swap(P, B);
    } else {
      multiply_symmetric(s, P, B, spare);
      std::swap(P, spare);
    }
  }
  const auto norm = static_cast<float>(1 / std::sqrt(squares * bound));
  if (R <= C) {
    gemm(Transpose::kNo, Transpose::kNo, R, C, R, norm, P, s, x, C, 0, out, C);
  } else {
    gemm(Transpose::kNo, Transpose::kNo, R, C, C, norm, x, C, P, s, 0, out, C);
  }
}

void orthogonalize_ref(std::span<const OddPolynomial> chain, const float* x, std::size_t R,
                       std::size_t C, float* out) {
  const auto multiply = [](const std::vector<double>& a, const std::vector<double>& b,
                           std::size_t rows, std::size_t inner, std::size_t columns) {
    std::vector<double> product(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < inner; ++k) {
        for (std::size_t j = 0; j < columns; ++j) {
          product[i * columns + j] += a[i * inner + k] * b[k * columns + j];
        }
      }
    }
    return product;
  };
  std::vector<double> X(x, x + R * C), transposed(R * C);
  const auto gram_of = [&] {
    for (std::size_t i = 0; i < R; ++i) {
      for (std::size_t j = 0; j < C; ++j) transposed[j * R + i] = X[i * C + j];
    }
    return multiply(X, transposed, R, C, R);
  };
  std::vector<double> A = gram_of();
  double fourth = 0;
  for (const double value : multiply(A, A, R, R, R)) fourth += value * value;
  const double bound = kBoundSlack * std::sqrt(std::sqrt(fourth));
  for (double& value : X) value = bound > 0 ? value / std::sqrt(bound) : 0;
  for (const OddPolynomial& p : chain) {
    A = gram_of();
    std::vector<double> B = multiply(A, A, R, R, R);
    for (std::size_t i = 0; i < R * R; ++i) B[i] = p.b * A[i] + p.c * B[i];
    for (std::size_t i = 0; i < R; ++i) B[i * R + i] += p.a;
    X = multiply(B, X, R, R, C);
  }
  for (std::size_t i = 0; i < R * C; ++i) out[i] = static_cast<float>(X[i]);
}

}  // namespace pith
