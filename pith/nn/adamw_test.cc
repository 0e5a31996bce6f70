#include "pith/nn/adamw.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "pith/base/random.h"

namespace pith {
namespace {

struct Two {
  std::vector<float> matrix{1.0f, -2.0f, 3.0f, 0.5f}, gain{1.0f, 2.0f};
  std::vector<float> d_matrix{0.3f, -0.1f, 0.2f, 0.0f}, d_gain{0.05f, -0.4f};
  std::vector<Parameter> parameters() {
    return {{"matrix", {2, 2}, matrix, d_matrix}, {"gain", {2}, gain, d_gain}};
  }
};

// Kingma and Ba's formulas in doubles.
double adam(double x, double g, int steps, double rate, double decay) {
  double m = 0, v = 0;
  for (int t = 1; t <= steps; ++t) {
    m = 0.9 * m + 0.1 * g;
    v = 0.95 * v + 0.05 * g * g;
    x *= 1 - rate * decay;
    x -= rate * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.95, t))) + 1e-8);
  }
  return x;
}

TEST(AdamWTest, FollowsTheFormulasAndDecaysMatricesOnly) {
  Two two;
  AdamW optimizer(two.parameters(), {.max_gradient_norm = 0}, 1);
  const double norm = std::sqrt(0.09 + 0.01 + 0.04 + 0.0025 + 0.16);
  for (int t = 0; t < 5; ++t) EXPECT_NEAR(optimizer.step(0.01), norm, 1e-6);
  const Two start;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(two.matrix[i],
                adam(static_cast<double>(start.matrix[i]), static_cast<double>(start.d_matrix[i]),
                     5, 0.01, 0.1),
                1e-6);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(
        two.gain[i],
        adam(static_cast<double>(start.gain[i]), static_cast<double>(start.d_gain[i]), 5, 0.01, 0),
        1e-6);
  }
  EXPECT_EQ(optimizer.steps(), 5);
}

TEST(AdamWTest, ClipsTheGlobalNorm) {
  Two two;
  AdamW optimizer(two.parameters(), {.max_gradient_norm = 0.1}, 1);
  const double norm = optimizer.step(0.01);
  // The first moment after one step is a tenth of the clipped gradient.
  const auto state = optimizer.state();
  ASSERT_EQ(state.size(), 4u);
  EXPECT_EQ(state[0].name, "adamw.first.matrix");
  EXPECT_NEAR(state[0].values[0], 0.1 * 0.3 * 0.1 / norm, 1e-7);
  EXPECT_EQ(state[2].name, "adamw.first.gain");
  EXPECT_NEAR(state[2].values[1], 0.1 * -0.4 * 0.1 / norm, 1e-7);
}

// Of more than one piece, where a change of the order of sums or of an operation shows.
TEST(AdamWTest, ThreadsDoNotChangeABit) {
  std::vector<float> matrix(40000), d_matrix(40000);
  std::vector<std::uint32_t> bits;
  for (const int threads : {1, 3}) {
    Random random(5);
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      matrix[i] = static_cast<float>(random.normal());
      d_matrix[i] = static_cast<float>(random.normal());
    }
    AdamW optimizer(std::vector<Parameter>{{"matrix", {200, 200}, matrix, d_matrix}}, {}, threads);
    for (int t = 0; t < 3; ++t) optimizer.step(0.01);
    std::uint32_t all = 0;
    for (const float value : matrix) all = all * 31 + std::bit_cast<std::uint32_t>(value);
    bits.push_back(all);
  }
  EXPECT_EQ(bits[0], bits[1]);
}

TEST(AdamWTest, AGradientThatIsNotFiniteChangesNothing) {
  Two two;
  two.d_gain[1] = std::numeric_limits<float>::quiet_NaN();
  AdamW optimizer(two.parameters(), {}, 1);
  EXPECT_FALSE(std::isfinite(optimizer.step(0.01)));
  EXPECT_EQ(two.matrix, Two().matrix);
  EXPECT_EQ(two.gain, Two().gain);
  EXPECT_EQ(optimizer.steps(), 0);
}

}  // namespace
}  // namespace pith
