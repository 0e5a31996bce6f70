#include "pith/tensor/cpu/attention_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

constexpr float kEpsilon = std::numeric_limits<float>::epsilon();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> random_values(std::size_t size, std::uint64_t seed, double scale = 1) {
  Random random(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(scale * random.normal());
  return values;
}

TEST(AttentionKernelsTest, RmsNormFollowsTheReferenceAtEveryLength) {
  for (const std::size_t n : {1, 7, 16, 31, 32, 33, 64, 100, 257}) {
    const auto x = random_values(n, n), gain = random_values(n, n + 1);
    std::vector<float> out(n), expected(n);
    rms_norm_row(x.data(), gain.data(), n, 1e-5f, out.data());
    rms_norm_row_ref(x.data(), gain.data(), n, 1e-5f, expected.data());
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_NEAR(out[i], expected[i],
                  std::abs(expected[i]) * kEpsilon * (4 + static_cast<float>(n)));
    }
  }
}

TEST(AttentionKernelsTest, SwigluFollowsTheReferenceFarFromZeroToo) {
  for (const std::size_t n : {1, 15, 16, 17, 40}) {
    auto gate = random_values(n, n, 20);
    const auto up = random_values(n, n + 1);
    gate[0] = -200;
    std::vector<float> out(n), expected(n);
    swiglu_row(gate.data(), up.data(), n, out.data());
    swiglu_row_ref(gate.data(), up.data(), n, expected.data());
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_NEAR(out[i], expected[i], 1e-30f + std::abs(expected[i]) * 8 * kEpsilon)
          << "gate " << gate[i];
    }
  }
}

TEST(AttentionKernelsTest, ExpGivesZeroForMinusInfinityAndTheSumOfTheRest) {
  for (const std::size_t n : {1, 15, 16, 17, 64, 1000}) {
    auto values = random_values(n, n, 10);
    if (n > 2) values[n - 1] = -kInfinity, values[n / 2] = -1e30f;
    const float max = largest(values.data(), n);
    EXPECT_EQ(max, *std::max_element(values.begin(), values.end()));
    auto expected = values;
    const float sum = exp_minus_max(values.data(), n, max);
    const float expected_sum = exp_minus_max_ref(expected.data(), n, max);
    EXPECT_NEAR(sum, expected_sum, expected_sum * kEpsilon * static_cast<float>(n + 4));
    for (std::size_t i = 0; i < n; ++i) {
      // The difference to max rounds, and exp grows that by its size.
      ASSERT_NEAR(values[i], expected[i], 1e-37f + expected[i] * 128 * kEpsilon);
    }
    if (n > 2) {
      EXPECT_EQ(values[n - 1], 0.0f);
      EXPECT_EQ(values[n / 2], 0.0f);
    }
  }
}

TEST(AttentionKernelsTest, LargestTellsOfNaN) {
  for (const std::size_t n : {1, 16, 21, 64}) {
    for (std::size_t bad = 0; bad < n; ++bad) {
      auto values = random_values(n, n);
      values[bad] = std::numeric_limits<float>::quiet_NaN();
      EXPECT_TRUE(std::isnan(largest(values.data(), n))) << bad << " of " << n;
    }
  }
  const std::vector<float> infinite(20, -kInfinity);
  EXPECT_EQ(largest(infinite.data(), 20), -kInfinity);
  EXPECT_EQ(largest(nullptr, 0), -kInfinity);
}

TEST(AttentionKernelsTest, WeightedRowsFollowTheReference) {
  for (const std::size_t head_size : {16, 32, 64, 80, 128}) {
    for (const std::size_t n : {0, 1, 3, 64}) {
      const auto weights = random_values(n, 1), values = random_values(n * head_size, 2);
      auto out = random_values(head_size, 3), expected = out;
      add_weighted_rows(weights.data(), values.data(), n, head_size, out.data());
      add_weighted_rows_ref(weights.data(), values.data(), n, head_size, expected.data());
      for (std::size_t i = 0; i < head_size; ++i) {
        float magnitude = std::abs(expected[i]);
        for (std::size_t t = 0; t < n; ++t) {
          magnitude += std::abs(weights[t] * values[t * head_size + i]);
        }
        ASSERT_NEAR(out[i], expected[i], magnitude * kEpsilon * static_cast<float>(n + 2));
      }
    }
  }
}

TEST(AttentionKernelsTest, WeightedPanelsFollowTheReference) {
  for (const std::size_t head_size : {1, 16, 24, 70}) {
    for (const std::size_t panels : {0, 1, 3, 4}) {
      const std::size_t n = head_size - head_size / 3;
      const auto weights = random_values(panels * 16, 1);
      const auto keys = random_values(panels * 16 * head_size, 2);
      auto out = random_values(n, 3), expected = out;
      add_weighted_panels(weights.data(), keys.data(), panels, head_size, n, out.data());
      add_weighted_panels_ref(weights.data(), keys.data(), panels, head_size, n, expected.data());
      // At most 64 products of normal numbers.
      for (std::size_t k = 0; k < n; ++k) ASSERT_NEAR(out[k], expected[k], 66 * kEpsilon * 60);
    }
  }
}

TEST(AttentionKernelsTest, ScoresFollowTheReference) {
  for (const std::size_t head_size : {1, 16, 24, 64}) {
    for (const std::size_t panels : {1, 3, 4, 9}) {
      const auto query = random_values(head_size, 1);
      const auto keys = random_values(panels * 16 * head_size, 2);
      std::vector<float> scores(panels * 16), expected(panels * 16);
      score_panels(query.data(), keys.data(), panels, head_size, scores.data());
      score_panels_ref(query.data(), keys.data(), panels, head_size, expected.data());
      for (std::size_t j = 0; j < panels * 16; ++j) {
        float magnitude = 0;
        for (std::size_t k = 0; k < head_size; ++k) {
          magnitude += std::abs(query[k] * keys[(j / 16 * head_size + k) * 16 + j % 16]);
        }
        ASSERT_NEAR(scores[j], expected[j], magnitude * kEpsilon * static_cast<float>(head_size));
      }
    }
  }
}

}  // namespace
}  // namespace pith
