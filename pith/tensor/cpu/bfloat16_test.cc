#include "pith/tensor/cpu/bfloat16.h"

#include <cstring>
#include <limits>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

constexpr Bfloat16 kUntouched = 0x7f81;

float float_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }

std::vector<Bfloat16> random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  const auto values = random_floats(rows * columns, seed);
  std::vector<Bfloat16> result(rows * bf16_row_stride(columns));
  to_bf16_rows_ref(values.data(), columns, rows, columns, 1, result.data());
  return result;
}

TEST(Bfloat16Test, RoundsToTheNearestAndTiesToEven) {
  EXPECT_EQ(to_bfloat16(1.0f), 0x3f80);
  EXPECT_EQ(to_bfloat16(float_of(0x3f808000)), 0x3f80);  // halfway: the even one
  EXPECT_EQ(to_bfloat16(float_of(0x3f818000)), 0x3f82);
  EXPECT_EQ(to_bfloat16(float_of(0x3f808001)), 0x3f81);
  EXPECT_EQ(to_bfloat16(float_of(0x7f7fffff)), 0x7f80);  // the largest float: infinity
  EXPECT_EQ(to_bfloat16(-std::numeric_limits<float>::infinity()), 0xff80);
  EXPECT_TRUE(std::isnan(to_float(to_bfloat16(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_TRUE(std::isnan(to_float(to_bfloat16(float_of(0x7f800001)))));
  EXPECT_EQ(to_bfloat16(-1e-40f), 0x8000);
  EXPECT_EQ(to_float(0xc049), -3.140625f);
}

TEST(Bfloat16Test, RowsFollowTheReferenceToTheBit) {
  for (const std::size_t K : {1, 2, 15, 16, 17, 31, 32, 33, 63, 100}) {
    const std::size_t M = 3, ldx = K + 5;
    auto x = random_floats(M * ldx, K);
    x[0] = float_of(0x3f808000);
    x[K - 1] = std::numeric_limits<float>::infinity();
    x[ldx] = 1e-40f;
    std::vector<Bfloat16> out(M * bf16_row_stride(K), kUntouched), expected = out;
    to_bf16_rows(x.data(), ldx, M, K, 1, out.data());
    to_bf16_rows_ref(x.data(), ldx, M, K, 1, expected.data());
    EXPECT_EQ(out, expected) << K;
    to_bf16_rows(x.data(), ldx, M, K, 0.3f, out.data());
    to_bf16_rows_ref(x.data(), ldx, M, K, 0.3f, expected.data());
    EXPECT_EQ(out, expected) << K << ", scaled";
  }
}

TEST(Bfloat16Test, PanelsFollowTheReferenceToTheBit) {
  struct Size {
    std::size_t rows, columns;
  };
  for (const Size size : {Size{1, 1}, Size{2, 31}, Size{3, 32}, Size{32, 33}, Size{33, 70},
                          Size{17, 95}, Size{31, 16}, Size{70, 34}}) {
    const std::size_t ldr = bf16_row_stride(size.columns);
    const auto rows = random_rows(size.rows, size.columns, size.rows);
    {
      const std::size_t stride = bf16_panel_size(size.rows) + 64;
      std::vector<Bfloat16> out(bf16_panels(size.columns) * stride, kUntouched), expected = out;
      to_bf16_panels(rows.data(), ldr, size.rows, size.columns, out.data(), stride);
      to_bf16_panels_ref(rows.data(), ldr, size.rows, size.columns, expected.data(), stride);
      EXPECT_EQ(out, expected) << size.rows << " x " << size.columns;
    }
    {
      const std::size_t stride = bf16_panel_size(size.rows) + 64, ldx = size.columns + 3;
      const auto x = random_floats(size.rows * ldx, 5);
      std::vector<Bfloat16> out(bf16_panels(size.columns) * stride, kUntouched), expected = out;
      float_to_bf16_panels(x.data(), ldx, size.rows, size.columns, out.data(), stride);
      float_to_bf16_panels_ref(x.data(), ldx, size.rows, size.columns, expected.data(), stride);
      EXPECT_EQ(out, expected) << size.rows << " x " << size.columns << ", from floats";
    }
    const std::size_t stride = bf16_panel_size(size.columns) + 64;
    std::vector<Bfloat16> out(bf16_panels(size.rows) * stride, kUntouched), expected = out;
    to_bf16_panels_transposed(rows.data(), ldr, size.rows, size.columns, out.data(), stride);
    to_bf16_panels_transposed_ref(rows.data(), ldr, size.rows, size.columns, expected.data(),
                                  stride);
    EXPECT_EQ(out, expected) << size.rows << " x " << size.columns << ", transposed";
  }
}

}  // namespace
}  // namespace pith
