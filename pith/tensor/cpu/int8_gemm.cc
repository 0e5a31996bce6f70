#include "pith/tensor/cpu/int8_gemm.h"

#include <algorithm>
#include <cstring>

#include "pith/tensor/cpu/avx512_bf16-inl.h"
#include "pith/tensor/cpu/unroll.h"
#include "pith/tensor/precision.h"

namespace pith {
namespace {

#if defined(__x86_64__)

constexpr std::size_t kTileRows = 8;

// kRows x 32 sums, of which `columns` are written. Sums begin with what takes the 128 of A away.
template <std::size_t kRows>
PITH_INT8_TARGET void tile(const std::uint8_t* a, std::size_t lda, const float* a_scales,
                           const std::int8_t* b, const float* b_scales,
                           const std::int32_t* b_offsets, std::size_t fours, float* c,
                           std::size_t ldc, std::size_t columns) {
  __m512i sums[kRows][2];
  const __m512i first = _mm512_loadu_si512(b_offsets), second = _mm512_loadu_si512(b_offsets + 16);
  PITH_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    sums[r][0] = first;
    sums[r][1] = second;
  }
  for (std::size_t p = 0; p < fours; ++p) {
    const __m512i right = _mm512_loadu_si512(b + p * 128);
    const __m512i right_too = _mm512_loadu_si512(b + p * 128 + 64);
    PITH_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      int four;
      std::memcpy(&four, a + r * lda + 4 * p, sizeof(four));
      const __m512i left = _mm512_set1_epi32(four);
      sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], left, right);
      sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], left, right_too);
    }
  }
  const __m512 scale = _mm512_loadu_ps(b_scales), scale_too = _mm512_loadu_ps(b_scales + 16);
  PITH_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    const __m512 row = _mm512_set1_ps(a_scales[r]);
    const __m512 left = _mm512_mul_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][0]), scale), row);
    const __m512 right =
        _mm512_mul_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][1]), scale_too), row);
    float* to = c + r * ldc;
    if (columns == 32) {
      _mm512_storeu_ps(to, left);
      _mm512_storeu_ps(to + 16, right);
    } else {
      const auto mask = static_cast<std::uint32_t>((std::uint64_t{1} << columns) - 1);
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), left);
      if (columns > 16) _mm512_mask_storeu_ps(to + 16, static_cast<__mmask16>(mask >> 16), right);
    }
  }
}

using Tile = void (*)(const std::uint8_t*, std::size_t, const float*, const std::int8_t*,
                      const float*, const std::int32_t*, std::size_t, float*, std::size_t,
                      std::size_t);
constexpr Tile kTiles[kTileRows] = {tile<1>, tile<2>, tile<3>, tile<4>,
                                    tile<5>, tile<6>, tile<7>, tile<8>};

void all_tiles(std::size_t M, std::size_t N, std::size_t K, const Int8Rows& a, const Int8Panels& b,
               float* c, std::size_t ldc) {
  for (std::size_t n = 0; n < N; n += kInt8Panel) {
    const std::int8_t* panel = b.data + n / kInt8Panel * int8_panel_size(K);
    for (std::size_t m = 0; m < M; m += kTileRows) {
      kTiles[std::min(kTileRows, M - m) - 1](a.data + m * a.stride, a.stride, a.scales + m, panel,
                                             b.scales + n, b.offsets + n, (K + 3) / 4,
                                             c + m * ldc + n, ldc, std::min(kInt8Panel, N - n));
    }
  }
}

#endif

}  // namespace

void gemm_int8(std::size_t M, std::size_t N, std::size_t K, Int8Rows a, Int8Panels b, float* c,
               std::size_t ldc) {
#if defined(__x86_64__)
  if (supports(Precision::kInt8)) return all_tiles(M, N, K, a, b, c, ldc);
#endif
  gemm_int8_ref(M, N, K, a, b, c, ldc);
}

void gemm_int8_ref(std::size_t M, std::size_t N, std::size_t K, Int8Rows a, Int8Panels b, float* c,
                   std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      const std::int8_t* column = b.data + n / kInt8Panel * int8_panel_size(K) + n % kInt8Panel * 4;
      std::int32_t sum = 0;
      for (std::size_t k = 0; k < K; ++k) {
        sum += (a.data[m * a.stride + k] - 128) * column[k / 4 * 128 + k % 4];
      }
      c[m * ldc + n] = static_cast<float>(sum) * b.scales[n] * a.scales[m];
    }
  }
}

}  // namespace pith
