#pragma once

#include <cstddef>
#include <cstdint>

// Matrices of 8-bit integers with scales, in the two layouts in which int8_gemm.h reads them. The
// processor multiplies four unsigned by four signed numbers at a time, so four neighbours along the
// dimension that is summed over lie side by side:
//
//   rows    (M, K), K summed over: row-major, rows a multiple of 64 numbers apart; the number q in
//           [-127, 127] is stored as q + 128. One scale a row: the value is q scale.
//   panels  (K, N), K summed over: 32 columns make a panel, which holds fours of rows one behind
//           the other: element (k, n) lies in panel n / 32 at (k / 4) * 128 + (n % 32) * 4 + k % 4.
//           One scale a column, and what the 128 of the other side adds up to in it, negated.
//
// Rounding is to the nearest, ties to even; a scale is the largest size of its row or column / 127,
// so zeros stay zeros. An infinity gives an infinite scale; NaN may be lost, so callers need
// another way on which it shows. Threads: any, on memory of their own.
namespace pith {

constexpr std::size_t kInt8Panel = 32;  // columns
constexpr std::size_t int8_row_stride(std::size_t K) { return (K + 63) / 64 * 64; }
constexpr std::size_t int8_panel_size(std::size_t K) { return (K + 3) / 4 * 4 * kInt8Panel; }
constexpr std::size_t int8_panels(std::size_t N) { return (N + kInt8Panel - 1) / kInt8Panel; }

struct Int8Rows {
  const std::uint8_t* data = nullptr;
  std::size_t stride = 0;
  const float* scales = nullptr;  // (M)
};

// Panels are int8_panel_size(K) apart.
struct Int8Panels {
  const std::int8_t* data = nullptr;
  const float* scales = nullptr;          // (N, to whole panels)
  const std::int32_t* offsets = nullptr;  // (N, to whole panels): -128 sum_k q
};

// x is (M, K) with rows `ldx` apart; out is int8_row_stride(K) apart.
void to_int8_rows(const float* x, std::size_t ldx, std::size_t M, std::size_t K, std::uint8_t* out,
                  float* scales);
void to_int8_rows_ref(const float* x, std::size_t ldx, std::size_t M, std::size_t K,
                      std::uint8_t* out, float* scales);

// x is (K, N) with rows `ldx` apart; out is its panel `panel`, with the panel's 32 scales and
// offsets.
void to_int8_panel(const float* x, std::size_t ldx, std::size_t K, std::size_t N, std::size_t panel,
                   std::int8_t* out, float* scales, std::int32_t* offsets);
void to_int8_panel_ref(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                       std::size_t panel, std::int8_t* out, float* scales, std::int32_t* offsets);

// The same of the transpose of x (N, K): columns of the panel are rows of x.
void to_int8_panel_transposed(const float* x, std::size_t ldx, std::size_t N, std::size_t K,
                              std::size_t panel, std::int8_t* out, float* scales,
                              std::int32_t* offsets);
void to_int8_panel_transposed_ref(const float* x, std::size_t ldx, std::size_t N, std::size_t K,
                                  std::size_t panel, std::int8_t* out, float* scales,
                                  std::int32_t* offsets);

}  // namespace pith
