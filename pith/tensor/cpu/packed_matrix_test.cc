#include "pith/tensor/cpu/packed_matrix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

std::vector<float> random_values(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

TEST(PackedMatrixTest, GivesBackItsRows) {
  const auto values = random_values(37 * 5, 1);
  PackedMatrix matrix(37, 5);
  matrix.set_rows(0, std::span(values).first(20 * 5));
  matrix.set_rows(20, std::span(values).subspan(20 * 5));
  std::vector<float> row(5);
  for (std::size_t n = 0; n < 37; ++n) {
    matrix.copy_row(n, row);
    EXPECT_EQ(row, std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(n * 5),
                                      values.begin() + static_cast<std::ptrdiff_t>(n * 5 + 5)));
  }
}

// A float sum of K products is off by at most K epsilon sum|w x|.
TEST(PackedMatrixTest, FollowsTheReferenceAtAwkwardSizes) {
  for (const std::size_t rows : {1, 15, 16, 17, 63, 64, 65, 130, 144, 300}) {
    for (const std::size_t columns : {1, 3, 16, 67}) {
      for (const std::size_t tokens : {1, 2, 5, 6, 7, 13}) {
        PackedMatrix matrix(rows, columns);
        const auto values = random_values(rows * columns, rows);
        matrix.set_rows(0, values);
        const std::size_t x_stride = columns + 2, y_stride = rows + 3;
        const auto x = random_values(tokens * x_stride, columns);
        constexpr float kUntouched = 12345.0f;
        std::vector<float> y(tokens * y_stride, kUntouched), expected(y);
        multiply(matrix, 0, matrix.panels(), x.data(), x_stride, tokens, y.data(), y_stride);
        multiply_ref(matrix, 0, matrix.panels(), x.data(), x_stride, tokens, expected.data(),
                     y_stride);
        for (std::size_t t = 0; t < tokens; ++t) {
          for (std::size_t n = 0; n < y_stride; ++n) {
            float magnitude = 0;
            if (n < rows) {
              for (std::size_t k = 0; k < columns; ++k) {
                magnitude += std::abs(values[n * columns + k] * x[t * x_stride + k]);
              }
            }
            ASSERT_NEAR(
                y[t * y_stride + n], expected[t * y_stride + n],
                magnitude * static_cast<float>(columns + 1) * std::numeric_limits<float>::epsilon())
                << rows << " x " << columns << ", token " << t << " of " << tokens << ", row " << n;
          }
        }
      }
    }
  }
}

TEST(PackedMatrixTest, BitsDoNotDependOnTokensAtOnceOrOnTheDivisionIntoPanels) {
  const std::size_t rows = 200, columns = 96, tokens = 17;
  PackedMatrix matrix(rows, columns);
  matrix.set_rows(0, random_values(rows * columns, 3));
  const auto x = random_values(tokens * columns, 4);
  std::vector<float> together(tokens * rows), alone(tokens * rows);
  multiply(matrix, 0, matrix.panels(), x.data(), columns, tokens, together.data(), rows);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (const std::size_t begin : {0, 3, 4, 9}) {
      const std::size_t end = begin == 0 ? 3 : begin == 3 ? 4 : begin == 4 ? 9 : matrix.panels();
      multiply(matrix, begin, end, x.data() + t * columns, columns, 1, alone.data() + t * rows,
               rows);
    }
  }
  EXPECT_EQ(0, std::memcmp(together.data(), alone.data(), together.size() * sizeof(float)));
}

}  // namespace
}  // namespace pith
