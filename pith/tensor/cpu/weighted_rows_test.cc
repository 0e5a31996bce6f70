#include "pith/tensor/cpu/weighted_rows.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

// Around one vector and the four that are taken at a time, of each target.
const std::size_t kLengths[] = {0, 1, 3, 4, 5, 15, 16, 17, 31, 33, 63, 64, 65, 130};

TEST(WeightedRowsTest, SumsAreThoseOfTheReferenceToTheBit) {
  for (const std::size_t n : kLengths) {
    for (const std::size_t count : {1, 2, 3, 9}) {
      std::vector<std::vector<float>> values;
      std::vector<const float*> rows;
      for (std::size_t j = 0; j < count; ++j) values.push_back(random_floats(n, j + 1, 1 << j));
      for (const auto& row : values) rows.push_back(row.data());
      std::vector<float> sum(n), expected(n);
      sum_rows(rows.data(), count, n, sum.data());
      sum_rows_ref(rows.data(), count, n, expected.data());
      EXPECT_EQ(sum, expected) << n << " of " << count;
      sum_rows(rows.data(), count, n, values[0].data());  // over the first
      EXPECT_EQ(values[0], expected) << n << " of " << count;
    }
  }
}

TEST(WeightedRowsTest, WeightedRowsAreThoseOfTheReferenceToTheBit) {
  for (const std::size_t n : kLengths) {
    auto x = random_floats(n, 1), expected = x;
    weight_row(0.3f, n, x.data());
    weight_row_ref(0.3f, n, expected.data());
    EXPECT_EQ(x, expected) << n;
  }
}

// A float sum of n products is off by at most n epsilon times the sum of their sizes.
TEST(WeightedRowsTest, GradientsOfWeightedRowsFollowTheReference) {
  for (const std::size_t n : kLengths) {
    const auto x = random_floats(n, 1);
    auto gradient = random_floats(n, 2), expected = gradient;
    double sizes = 0;
    for (std::size_t i = 0; i < n; ++i) {
      sizes += std::abs(static_cast<double>(x[i]) * static_cast<double>(gradient[i]));
    }
    const float sum = weight_row_backward(-1.7f, x.data(), n, gradient.data());
    EXPECT_NEAR(sum, weight_row_backward_ref(-1.7f, x.data(), n, expected.data()),
                static_cast<double>(n + 1) * kEpsilon * sizes)
        << n;
    EXPECT_EQ(gradient, expected) << n;
  }
}

}  // namespace
}  // namespace pith
