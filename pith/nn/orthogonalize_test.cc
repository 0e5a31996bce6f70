#include "pith/nn/orthogonalize.h"

#include <algorithm>

#include "pith/tensor/cpu/gemm.h"
#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

double squares_of(const std::vector<float>& x) { return weighted(x, x); }

std::vector<float> run(const std::vector<OddPolynomial>& chain, const std::vector<float>& x,
                       std::size_t R, std::size_t C) {
  std::vector<float> out(x.size());
  Orthogonalizer(std::min(R, C)).run(chain, x.data(), R, C, squares_of(x), out.data());
  return out;
}

TEST(OrthogonalizeTest, TheChainBringsItsWholeIntervalNearOne) {
  for (const int n : {3, 4, 5, 6}) {
    const double lowest = 0.5 * std::pow(0.28, n);
    const auto chain = orthogonal_polynomials(n, lowest);
    ASSERT_EQ(chain.size(), static_cast<std::size_t>(n));
    double least = 9, most = 0;
    for (double x = lowest; x <= 1; x *= 1.001) {
      double y = x;
      for (const OddPolynomial& p : chain) y = p.at(y);
      least = std::min(least, y);
      most = std::max(most, y);
    }
    EXPECT_GT(least, 0.5) << n;
    EXPECT_LT(most, 1.5) << n;
  }
  // Six from a value that five can do: hardly an error is left, and as much above 1 as below.
  double x = 3e-3;
  for (const OddPolynomial& p : orthogonal_polynomials(7, 3e-3)) x = p.at(x);
  EXPECT_NEAR(x, 1, 1e-3);
}

// Random matrices are well conditioned, so floats follow doubles closely: s^3 products, each off by
// the epsilon, pass through slopes whose product is below 1,000.
TEST(OrthogonalizeTest, FollowsTheReferenceAtAwkwardSizes) {
  struct Size {
    std::size_t R, C;
  };
  for (const Size size : {Size{1, 1}, Size{1, 9}, Size{9, 1}, Size{5, 3}, Size{16, 16},
                          Size{17, 40}, Size{65, 64}, Size{64, 130}, Size{130, 70}}) {
    const auto x = random_floats(size.R * size.C, 3, 1e-3);
    for (const int n : {3, 5}) {
      const auto chain = orthogonal_polynomials(n, 0.01);
      std::vector<float> expected(x.size());
      orthogonalize_ref(chain, x.data(), size.R, size.C, expected.data());
      expect_near(run(chain, x, size.R, size.C), expected, 2e-4, "orthogonal");
    }
  }
}

// Singular values over three magnitudes: Q diag(s) with Q orthogonal. With enough polynomials those
// above the lowest are 1, so columns are orthonormal.
TEST(OrthogonalizeTest, AnIllConditionedMatrixBecomesOrthogonal) {
  const std::size_t R = 96, C = 40;
  const auto mild = orthogonal_polynomials(12, 1e-3);
  auto x = run(mild, random_floats(R * C, 8), R, C);
  for (std::size_t c = 0; c < C; ++c) {
    const auto s = static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(c) / C));
    for (std::size_t r = 0; r < R; ++r) x[r * C + c] *= s;
  }
  const auto out = run(mild, x, R, C);
  std::vector<float> products(C * C);
  gemm_ref(Transpose::kYes, Transpose::kNo, C, C, R, 1, out.data(), C, out.data(), C, 0,
           products.data(), C);
  std::vector<float> identity(C * C);
  for (std::size_t c = 0; c < C; ++c) identity[c * C + c] = 1;
  expect_near(products, identity, 0.02, "X^T X");
}

TEST(OrthogonalizeTest, ScaleDoesNotMatterAndZeroStaysZero) {
  const std::size_t R = 20, C = 30;
  const auto chain = orthogonal_polynomials(5, 1e-3);
  auto x = random_floats(R * C, 4);
  const auto expected = run(chain, x, R, C);
  for (const float scale : {1e-12f, 1e12f}) {
    auto scaled = x;
    for (float& value : scaled) value *= scale;
    expect_near(run(chain, scaled, R, C), expected, 1e-4, "scaled");
  }
  EXPECT_EQ(run(chain, std::vector<float>(R * C), R, C), std::vector<float>(R * C));
}

}  // namespace
}  // namespace pith
