#include "pith/tensor/cpu/int8_gemm.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

struct Size {
  std::size_t M, N, K;
};
const Size kSizes[] = {{1, 1, 1},    {8, 32, 4},  {7, 31, 5},   {9, 33, 64},
                       {16, 48, 66}, {20, 64, 3}, {3, 17, 300}, {13, 100, 130}};

struct Operands {
  explicit Operands(const Size& size)
      : x(random_floats(size.M * size.K, 1)),
        w(random_floats(size.K * size.N, 2)),
        rows(size.M * int8_row_stride(size.K)),
        panels(int8_panels(size.N) * int8_panel_size(size.K)),
        row_scales(size.M),
        scales(int8_panels(size.N) * kInt8Panel),
        offsets(scales.size()) {
    to_int8_rows_ref(x.data(), size.K, size.M, size.K, rows.data(), row_scales.data());
    for (std::size_t panel = 0; panel < int8_panels(size.N); ++panel) {
      to_int8_panel_ref(w.data(), size.N, size.K, size.N, panel,
                        panels.data() + panel * int8_panel_size(size.K),
                        scales.data() + panel * kInt8Panel, offsets.data() + panel * kInt8Panel);
    }
    a = {rows.data(), int8_row_stride(size.K), row_scales.data()};
    b = {panels.data(), scales.data(), offsets.data()};
  }
  std::vector<float> x, w;
  std::vector<std::uint8_t> rows;
  std::vector<std::int8_t> panels;
  std::vector<float> row_scales, scales;
  std::vector<std::int32_t> offsets;
  Int8Rows a;
  Int8Panels b;
};

// Sums are exact; then two multiplications in the same order.
TEST(Int8GemmTest, FollowsTheReferenceToTheBit) {
  for (const Size& size : kSizes) {
    const Operands with(size);
    const std::size_t ldc = size.N + 3;
    std::vector<float> c(size.M * ldc, 5), expected = c;
    gemm_int8(size.M, size.N, size.K, with.a, with.b, c.data(), ldc);
    gemm_int8_ref(size.M, size.N, size.K, with.a, with.b, expected.data(), ldc);
    EXPECT_EQ(c, expected) << size.M << " x " << size.N << " x " << size.K;
  }
}

// A factor of a row of normals, whose largest is below 4.5, is off by at most 4.5 / 254.
TEST(Int8GemmTest, IsTheProductButForRounding) {
  const Size size{9, 33, 300};
  const Operands with(size);
  std::vector<float> c(size.M * size.N);
  gemm_int8(size.M, size.N, size.K, with.a, with.b, c.data(), size.N);
  for (std::size_t m = 0; m < size.M; ++m) {
    for (std::size_t n = 0; n < size.N; ++n) {
      double exact = 0, sizes = 0;
      for (std::size_t k = 0; k < size.K; ++k) {
        const double left = with.x[m * size.K + k], right = with.w[k * size.N + n];
        exact += left * right;
        sizes += std::abs(left) + std::abs(right);
      }
      EXPECT_NEAR(c[m * size.N + n], exact, 4.5 / 254 * sizes + 0.1) << m << ", " << n;
      EXPECT_NEAR(c[m * size.N + n], exact, 5 * 4.5 / 254 * std::sqrt(2.0 / 3 * 300.0));
    }
  }
}

}  // namespace
}  // namespace pith
