#include "pith/tensor/cpu/int8_matrix.h"

#include <limits>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

struct Size {
  std::size_t rows, columns;
};
const Size kSizes[] = {{1, 1}, {3, 16}, {4, 31}, {33, 32}, {5, 67}, {66, 130}, {34, 64}};

// With a row and a column of zeros, where there is room.
std::vector<float> values(const Size& size, std::size_t ldx) {
  auto x = random_floats(size.rows * ldx, size.columns);
  for (std::size_t i = 0; i < ldx && size.rows > 2; ++i) x[ldx + i] = 0;
  for (std::size_t i = 0; i < size.rows && size.columns > 20; ++i) x[i * ldx + 17] = 0;
  return x;
}

TEST(Int8MatrixTest, RowsFollowTheReferenceToTheBit) {
  for (const Size& size : kSizes) {
    const std::size_t ldx = size.columns + 3, bytes = size.rows * int8_row_stride(size.columns);
    const auto x = values(size, ldx);
    std::vector<std::uint8_t> out(bytes, 7), expected = out;
    std::vector<float> scales(size.rows), expected_scales = scales;
    to_int8_rows(x.data(), ldx, size.rows, size.columns, out.data(), scales.data());
    to_int8_rows_ref(x.data(), ldx, size.rows, size.columns, expected.data(),
                     expected_scales.data());
    EXPECT_EQ(out, expected) << size.rows << " x " << size.columns;
    EXPECT_EQ(scales, expected_scales);
  }
}

TEST(Int8MatrixTest, PanelsFollowTheReferenceToTheBit) {
  for (const Size& size : kSizes) {
    const std::size_t ldx = size.columns + 3;
    const auto x = values(size, ldx);
    for (const bool transposed : {false, true}) {
      const auto fast = transposed ? to_int8_panel_transposed : to_int8_panel;
      const auto slow = transposed ? to_int8_panel_transposed_ref : to_int8_panel_ref;
      const std::size_t K = transposed ? size.columns : size.rows;
      for (std::size_t panel = 0; panel < int8_panels(transposed ? size.rows : size.columns);
           ++panel) {
        std::vector<std::int8_t> out(int8_panel_size(K), 7), expected = out;
        std::vector<float> scales(kInt8Panel), expected_scales = scales;
        std::vector<std::int32_t> offsets(kInt8Panel), expected_offsets = offsets;
        fast(x.data(), ldx, size.rows, size.columns, panel, out.data(), scales.data(),
             offsets.data());
        slow(x.data(), ldx, size.rows, size.columns, panel, expected.data(), expected_scales.data(),
             expected_offsets.data());
        SCOPED_TRACE(testing::Message() << size.rows << " x " << size.columns << " " << transposed);
        EXPECT_EQ(out, expected);
        EXPECT_EQ(scales, expected_scales);
        EXPECT_EQ(offsets, expected_offsets);
      }
    }
  }
}

TEST(Int8MatrixTest, TheLargestOfARowIsExactAndInfinityShows) {
  const std::vector<float> x = {-2.54f, 1.27f, 0.0f, 0.01f};
  std::vector<std::uint8_t> out(64);
  float scale = 0;
  to_int8_rows(x.data(), 4, 1, 4, out.data(), &scale);
  EXPECT_NEAR(scale, 0.02, 1e-9);
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[2], 128);
  EXPECT_EQ(out[3], 128);  // half a step: to even
  const std::vector<float> bad = {1.0f, std::numeric_limits<float>::infinity()};
  to_int8_rows(bad.data(), 2, 1, 2, out.data(), &scale);
  EXPECT_FALSE(std::isfinite(scale));
}

}  // namespace
}  // namespace pith
