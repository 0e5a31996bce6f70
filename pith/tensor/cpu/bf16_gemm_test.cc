#include "pith/tensor/cpu/bf16_gemm.h"

#include <cstring>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

struct Size {
  std::size_t M, N, K;
};

// Around the tile of 8 x 32 and its half, odd sums, and one sum longer than the blocks of it.
const Size kSizes[] = {{1, 1, 1},   {8, 32, 2},   {7, 31, 5},  {9, 33, 64},   {16, 48, 65},
                       {20, 64, 3}, {3, 100, 33}, {33, 17, 7}, {5, 40, 4101}, {64, 16, 32}};

struct Operand {
  std::vector<Bfloat16> rows, panels;
  std::size_t row_stride, panel_stride;
  Bf16Panels view() const { return {panels.data(), panel_stride}; }
};

// (K, N) in panels; `rows` is its transpose (N, K) in rows.
Operand operand(std::size_t K, std::size_t N, std::uint64_t seed) {
  const auto values = random_floats(N * K, seed);
  Operand result{{}, {}, bf16_row_stride(K), bf16_panel_size(K) + 64};
  result.rows.resize(N * result.row_stride);
  result.panels.resize(bf16_panels(N) * result.panel_stride);
  to_bf16_rows_ref(values.data(), K, N, K, 1, result.rows.data());
  to_bf16_panels_transposed_ref(result.rows.data(), result.row_stride, N, K, result.panels.data(),
                                result.panel_stride);
  return result;
}

// Products of bfloat16 are exact in floats; a sum of K of them in floats, in any order, is off by
// at most about K epsilon times the sum of their sizes; of normals, that is at most about K.
double tolerance(std::size_t K) {
  const auto terms = static_cast<double>(K);
  return (std::sqrt(terms) + 4) * (terms + 4) * kEpsilon;
}

template <class Fast, class Slow>
void expect_same(const Size& size, const Fast& fast, const Slow& slow) {
  for (const bool add : {false, true}) {
    const std::size_t ldc = size.N + 3;
    auto c = random_floats(size.M * ldc, 3), expected = c;
    fast(add, c.data(), ldc);
    slow(add, expected.data(), ldc);
    SCOPED_TRACE(testing::Message() << size.M << " x " << size.N << " x " << size.K);
    expect_near(c, expected, tolerance(size.K), add ? "c, added" : "c");  // and nothing beside C
  }
}

TEST(Bf16GemmTest, FollowsTheReference) {
  for (const Size& size : kSizes) {
    const Operand a = operand(size.K, size.M, 1), b = operand(size.K, size.N, 2);
    expect_same(
        size,
        [&](bool add, float* c, std::size_t ldc) {
          gemm_bf16(size.M, size.N, size.K, a.rows.data(), a.row_stride, b.view(), add, c, ldc);
        },
        [&](bool add, float* c, std::size_t ldc) {
          gemm_bf16_ref(size.M, size.N, size.K, a.rows.data(), a.row_stride, b.view(), add, c, ldc);
        });
  }
}

TEST(Bf16GemmTest, TransposedFollowsTheReference) {
  for (const Size& size : kSizes) {
    const Operand a = operand(size.K, size.M, 1), b = operand(size.K, size.N, 2);
    expect_same(
        size,
        [&](bool add, float* c, std::size_t ldc) {
          gemm_bf16_transposed(size.M, size.N, size.K, a.view(), b.view(), add, c, ldc);
        },
        [&](bool add, float* c, std::size_t ldc) {
          gemm_bf16_transposed_ref(size.M, size.N, size.K, a.view(), b.view(), add, c, ldc);
        });
  }
}

TEST(Bf16GemmTest, TheTwoArrangementsAndAPartOfTheRowsGiveTheSameBits) {
  const Size size{40, 50, 70};
  const Operand a = operand(size.K, size.M, 1), b = operand(size.K, size.N, 2);
  std::vector<float> whole(size.M * size.N), parts = whole, transposed = whole;
  gemm_bf16(size.M, size.N, size.K, a.rows.data(), a.row_stride, b.view(), false, whole.data(),
            size.N);
  gemm_bf16_transposed(size.M, size.N, size.K, a.view(), b.view(), false, transposed.data(),
                       size.N);
  for (const std::size_t first : {0u, 3u, 30u}) {
    const std::size_t end = first == 0 ? 3 : first == 3 ? 30 : size.M;
    gemm_bf16(end - first, size.N, size.K, a.rows.data() + first * a.row_stride, a.row_stride,
              b.view(), false, parts.data() + first * size.N, size.N);
  }
  EXPECT_EQ(0, std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(float)));
  EXPECT_EQ(0, std::memcmp(whole.data(), transposed.data(), whole.size() * sizeof(float)));
}

TEST(Bf16GemmTest, ASumOfNothingIsZero) {
  std::vector<float> c(6, 5.0f);
  gemm_bf16(2, 3, 0, nullptr, 0, {}, false, c.data(), 3);
  EXPECT_EQ(c, std::vector<float>(6, 0.0f));
  gemm_bf16_transposed(2, 3, 0, {}, {}, true, c.data(), 3);
  EXPECT_EQ(c, std::vector<float>(6, 0.0f));
}

}  // namespace
}  // namespace pith
