#include "pith/tensor/cpu/bf16_gemm.h"

#include <algorithm>
#include <cstring>

#include "pith/tensor/cpu/avx512_bf16-inl.h"
#include "pith/tensor/cpu/unroll.h"
#include "pith/tensor/precision.h"

namespace pith {
namespace {

#if defined(__x86_64__)

constexpr std::size_t kTileRows = 8;
constexpr std::size_t kSumBlock = 2048;  // of K: what of A and B is gone through at a time

// Where the left side lies: pair p of row r at data + r * row + p * pair.
struct Left {
  const Bfloat16* data;
  std::size_t row;
};

// A tile of kRows x 16 kVectors sums. A panel's rows are 2 numbers apart and its pairs 64.
template <std::size_t kRows, std::size_t kVectors, bool kPanelLeft>
PITH_BF16_TARGET void tile(Left a, const Bfloat16* b, std::size_t pairs, bool add, float* c,
                           std::size_t ldc, std::size_t columns) {
  constexpr std::size_t kPair = kPanelLeft ? 64 : 2;
  const std::size_t row = kPanelLeft ? 2 : a.row;
  __m512 sums[kRows][kVectors];
  PITH_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    PITH_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = _mm512_setzero_ps();
  }
  for (std::size_t p = 0; p < pairs; ++p) {
    __m512bh right[kVectors];
    PITH_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) {
      right[v] = (__m512bh)_mm512_loadu_si512(b + p * 64 + v * 32);
    }
    PITH_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      int pair;
      std::memcpy(&pair, a.data + r * row + p * kPair, sizeof(pair));
      const __m512bh left = (__m512bh)_mm512_set1_epi32(pair);
      PITH_UNROLL
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[r][v] = _mm512_dpbf16_ps(sums[r][v], left, right[v]);
      }
    }
  }
  if (columns == 16 * kVectors) {
    PITH_UNROLL
    for (std::size_t r = 0; r < kRows; ++r) {
      PITH_UNROLL
      for (std::size_t v = 0; v < kVectors; ++v) {
        float* to = c + r * ldc + v * 16;
        _mm512_storeu_ps(to, add ? _mm512_add_ps(_mm512_loadu_ps(to), sums[r][v]) : sums[r][v]);
      }
    }
    return;
  }
  const auto mask = static_cast<__mmask16>((1u << (columns - 16 * (kVectors - 1))) - 1);
  PITH_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    PITH_UNROLL
    for (std::size_t v = 0; v < kVectors; ++v) {
      const __mmask16 mine = v + 1 < kVectors ? static_cast<__mmask16>(0xffff) : mask;
      float* to = c + r * ldc + v * 16;
      const __m512 sum =
          add ? _mm512_add_ps(_mm512_maskz_loadu_ps(mine, to), sums[r][v]) : sums[r][v];
      _mm512_mask_storeu_ps(to, mine, sum);
    }
  }
}

using Tile = void (*)(Left, const Bfloat16*, std::size_t, bool, float*, std::size_t, std::size_t);

// By vectors - 1 and rows - 1.
template <bool kPanelLeft>
constexpr Tile kTiles[2][kTileRows] = {
    {tile<1, 1, kPanelLeft>, tile<2, 1, kPanelLeft>, tile<3, 1, kPanelLeft>, tile<4, 1, kPanelLeft>,
     tile<5, 1, kPanelLeft>, tile<6, 1, kPanelLeft>, tile<7, 1, kPanelLeft>,
     tile<8, 1, kPanelLeft>},
    {tile<1, 2, kPanelLeft>, tile<2, 2, kPanelLeft>, tile<3, 2, kPanelLeft>, tile<4, 2, kPanelLeft>,
     tile<5, 2, kPanelLeft>, tile<6, 2, kPanelLeft>, tile<7, 2, kPanelLeft>,
     tile<8, 2, kPanelLeft>}};

// Every tile of C. `left_at(m)` is the left side from row m on.
template <bool kPanelLeft, class LeftAt>
void all_tiles(std::size_t M, std::size_t N, std::size_t K, const LeftAt& left_at, Bf16Panels b,
               bool add, float* c, std::size_t ldc) {
  for (std::size_t k = 0; k < K; k += kSumBlock) {
    const std::size_t pairs = (std::min(kSumBlock, K - k) + 1) / 2;
    for (std::size_t n = 0; n < N; n += kBf16Panel) {
      const std::size_t columns = std::min(kBf16Panel, N - n);
      const Bfloat16* panel = b.columns(n).data + k * kBf16Panel;
      const Tile* tiles = kTiles<kPanelLeft>[columns > 16 ? 1 : 0];
      for (std::size_t m = 0; m < M; m += kTileRows) {
        const std::size_t rows = std::min(kTileRows, M - m);
        Left left = left_at(m);
        left.data += kPanelLeft ? k * kBf16Panel : k;
        tiles[rows - 1](left, panel, pairs, add || k > 0, c + m * ldc + n, ldc, columns);
      }
    }
  }
}

#endif

// C = A B with the element (m, k) of A and (k, n) of B given by functions.
template <class LeftAt, class RightAt>
void reference(std::size_t M, std::size_t N, std::size_t K, const LeftAt& left,
               const RightAt& right, bool add, float* c, std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t n = 0; n < N; ++n) {
      double sum = add ? static_cast<double>(c[m * ldc + n]) : 0.0;
      for (std::size_t k = 0; k < K; ++k) {
        sum +=
            static_cast<double>(to_float(left(m, k))) * static_cast<double>(to_float(right(k, n)));
      }
      c[m * ldc + n] = static_cast<float>(sum);
    }
  }
}

Bfloat16 panel_element(Bf16Panels panels, std::size_t k, std::size_t n) {
  return panels.columns(n / kBf16Panel * kBf16Panel).data[k / 2 * 64 + n % kBf16Panel * 2 + k % 2];
}

void zero(std::size_t M, std::size_t N, float* c, std::size_t ldc) {
  for (std::size_t m = 0; m < M; ++m) std::fill_n(c + m * ldc, N, 0.0f);
}

}  // namespace

void gemm_bf16(std::size_t M, std::size_t N, std::size_t K, const Bfloat16* a, std::size_t lda,
               Bf16Panels b, bool add, float* c, std::size_t ldc) {
  if (K == 0 && !add) return zero(M, N, c, ldc);
#if defined(__x86_64__)
  if (supports(Precision::kBfloat16)) {
    const auto left_at = [&](std::size_t m) { return Left{a + m * lda, lda}; };
    return all_tiles<false>(M, N, K, left_at, b, add, c, ldc);
  }
#endif
  gemm_bf16_ref(M, N, K, a, lda, b, add, c, ldc);
}

void gemm_bf16_transposed(std::size_t M, std::size_t N, std::size_t K, Bf16Panels a, Bf16Panels b,
                          bool add, float* c, std::size_t ldc) {
  if (K == 0 && !add) return zero(M, N, c, ldc);
#if defined(__x86_64__)
  if (supports(Precision::kBfloat16)) {
    const auto left_at = [&](std::size_t m) {
      return Left{a.columns(m / kBf16Panel * kBf16Panel).data + m % kBf16Panel * 2, 2};
    };
    return all_tiles<true>(M, N, K, left_at, b, add, c, ldc);
  }
#endif
  gemm_bf16_transposed_ref(M, N, K, a, b, add, c, ldc);
}

void gemm_bf16_ref(std::size_t M, std::size_t N, std::size_t K, const Bfloat16* a, std::size_t lda,
                   Bf16Panels b, bool add, float* c, std::size_t ldc) {
  reference(
      M, N, K, [&](std::size_t m, std::size_t k) { return a[m * lda + k]; },
      [&](std::size_t k, std::size_t n) { return panel_element(b, k, n); }, add, c, ldc);
}

void gemm_bf16_transposed_ref(std::size_t M, std::size_t N, std::size_t K, Bf16Panels a,
                              Bf16Panels b, bool add, float* c, std::size_t ldc) {
  reference(
      M, N, K, [&](std::size_t m, std::size_t k) { return panel_element(a, k, m); },
      [&](std::size_t k, std::size_t n) { return panel_element(b, k, n); }, add, c, ldc);
}

}  // namespace pith
