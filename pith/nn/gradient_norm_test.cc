#include "pith/nn/gradient_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pith/base/random.h"

namespace pith {
namespace {

TEST(GradientNormTest, CountsEveryElementOfEveryParameter) {
  // Lengths around a piece, and one element more behind the last whole one.
  std::vector<std::vector<float>> gradients;
  std::vector<Parameter> parameters;
  Random random(1);
  double squares = 0;
  for (const std::size_t n : {1u, 32767u, 32768u, 32769u, 65537u}) {
    auto& gradient = gradients.emplace_back(n);
    for (float& value : gradient) {
      value = static_cast<float>(random.normal());
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
  }
  for (auto& gradient : gradients) {
    parameters.push_back({"p", {static_cast<std::int64_t>(gradient.size())}, gradient, gradient});
  }
  GradientNorm norm(parameters);
  ThreadPool one(1), three(3);
  const double measured = norm.measure(one);
  EXPECT_NEAR(measured, std::sqrt(squares), 1e-5 * std::sqrt(squares));
  EXPECT_EQ(norm.measure(three), measured) << "threads changed the sum";
  gradients.back().back() = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(std::isfinite(norm.measure(three)));
}

TEST(GradientNormTest, ClippingOnlyScalesDown) {
  EXPECT_EQ(clipping_scale(0.5, 1.0), 1.0);
  EXPECT_NEAR(clipping_scale(4.0, 1.0), 0.25, 1e-6);
  EXPECT_EQ(clipping_scale(4.0, 0.0), 1.0) << "0 is no bound";
}

}  // namespace
}  // namespace pith
