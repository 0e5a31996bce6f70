#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

// Numbers of 16 bits with the exponent of a float, and the two layouts in which bf16_gemm.h reads
// matrices of them. The processor multiplies and adds pairs along the dimension that is summed
// over, so both layouts keep such pairs side by side:
//
//   rows    (M, K), K summed over: row-major, rows a multiple of 32 numbers apart, zeros behind K.
//   panels  (K, N), K summed over: 32 columns make a panel, which holds pairs of rows one behind
//           the other: element (k, n) lies in panel n / 32 at (k / 2) * 64 + (n % 32) * 2 + k % 2.
//           Zeros behind K and N. Panels are `stride` numbers apart.
//
// Threads: any, on memory of their own.
namespace pith {

using Bfloat16 = std::uint16_t;  // the upper half of a float's bits

inline float to_float(Bfloat16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

// To the nearest, ties to even; too small for a normal number: zero, as the processor has it. NaN
// stays NaN.
inline Bfloat16 to_bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t exponent = bits & 0x7f800000u;
  if (exponent == 0) return static_cast<Bfloat16>(bits >> 16 & 0x8000u);
  if (exponent == 0x7f800000u) {
    const bool not_a_number = (bits & 0x007fffffu) != 0;
    return static_cast<Bfloat16>((bits >> 16) | (not_a_number ? 0x40u : 0u));
  }
  return static_cast<Bfloat16>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

constexpr double kBfloat16Epsilon = 1.0 / 128;  // between 1 and the next number

constexpr std::size_t kBf16Panel = 32;  // columns
constexpr std::size_t bf16_row_stride(std::size_t K) { return (K + 31) / 32 * 32; }
constexpr std::size_t bf16_panel_size(std::size_t K) { return (K + 1) / 2 * 2 * kBf16Panel; }
constexpr std::size_t bf16_panels(std::size_t N) { return (N + kBf16Panel - 1) / kBf16Panel; }

struct Bf16Panels {
  const Bfloat16* data = nullptr;
  std::size_t stride = 0;
  // From column `n` on, a multiple of 32.
  Bf16Panels columns(std::size_t n) const { return {data + n / kBf16Panel * stride, stride}; }
};

// x is (M, K) with rows `ldx` apart; out is rows of `scale` x, bf16_row_stride(K) apart.
void to_bf16_rows(const float* x, std::size_t ldx, std::size_t M, std::size_t K, float scale,
                  Bfloat16* out);
void to_bf16_rows_ref(const float* x, std::size_t ldx, std::size_t M, std::size_t K, float scale,
                      Bfloat16* out);

// rows is (K, N), `ldr` apart (a multiple of 32); out becomes the same matrix in panels `stride`
// apart: rows that were the left side of a product summed over N become a side of one over K.
void to_bf16_panels(const Bfloat16* rows, std::size_t ldr, std::size_t K, std::size_t N,
                    Bfloat16* out, std::size_t stride);
void to_bf16_panels_ref(const Bfloat16* rows, std::size_t ldr, std::size_t K, std::size_t N,
                        Bfloat16* out, std::size_t stride);

// The same from floats: x is (K, N), rows `ldx` apart.
void float_to_bf16_panels(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                          Bfloat16* out, std::size_t stride);
void float_to_bf16_panels_ref(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                              Bfloat16* out, std::size_t stride);

// rows is (N, K), `ldr` apart (a multiple of 32); out is its transpose (K, N) in panels.
void to_bf16_panels_transposed(const Bfloat16* rows, std::size_t ldr, std::size_t N, std::size_t K,
                               Bfloat16* out, std::size_t stride);
void to_bf16_panels_transposed_ref(const Bfloat16* rows, std::size_t ldr, std::size_t N,
                                   std::size_t K, Bfloat16* out, std::size_t stride);

}  // namespace pith
