#include "pith/tensor/cpu/bfloat16.h"

#include <algorithm>
#include <cstring>

#include "pith/tensor/cpu/avx512_bf16-inl.h"
#include "pith/tensor/cpu/transpose_words-inl.h"
#include "pith/tensor/cpu/unroll.h"
#include "pith/tensor/precision.h"

namespace pith {
namespace {

#if defined(__x86_64__)

// 32 floats, of which the first n <= 32 are read.
PITH_BF16_TARGET inline __m512i converted(const float* x, std::size_t n, __m512 scale) {
  __m512 low, high;
  if (n >= 32) {
    low = _mm512_loadu_ps(x);
    high = _mm512_loadu_ps(x + 16);
  } else {
    const auto mask = static_cast<std::uint32_t>((std::uint64_t{1} << n) - 1);
    low = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), x);
    high = _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16), x + 16);
  }
  return (__m512i)_mm512_cvtne2ps_pbh(_mm512_mul_ps(high, scale), _mm512_mul_ps(low, scale));
}

PITH_BF16_TARGET void rows_avx512(const float* x, std::size_t ldx, std::size_t M, std::size_t K,
                                  float scale, Bfloat16* out) {
  const __m512 scales = _mm512_set1_ps(scale);
  const std::size_t stride = bf16_row_stride(K);
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t k = 0; k < K; k += 32) {
      _mm512_storeu_si512(out + m * stride + k, converted(x + m * ldx + k, K - k, scales));
    }
  }
}

// Words 0, 32, 1, 33, ... of two vectors, and those from 16 on.
PITH_BF16_TARGET inline void interleave(__m512i even, __m512i odd, Bfloat16* out) {
  alignas(64) static constexpr std::uint16_t kFirst[32] = {
      0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
      8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47};
  const __m512i first = _mm512_load_si512(kFirst);
  const __m512i second = _mm512_add_epi16(first, _mm512_set1_epi16(16));
  _mm512_storeu_si512(out, _mm512_permutex2var_epi16(even, first, odd));
  _mm512_storeu_si512(out + 32, _mm512_permutex2var_epi16(even, second, odd));
}

PITH_BF16_TARGET void panels_avx512(const Bfloat16* rows, std::size_t ldr, std::size_t K,
                                    std::size_t N, Bfloat16* out, std::size_t stride) {
  for (std::size_t n = 0; n < N; n += kBf16Panel) {
    const Bfloat16* row = rows + n;
    Bfloat16* to = out + n / kBf16Panel * stride;
    for (std::size_t k = 0; k < K; k += 2, row += 2 * ldr, to += 64) {
      const __m512i even = _mm512_loadu_si512(row);
      const __m512i odd = k + 1 < K ? _mm512_loadu_si512(row + ldr) : _mm512_setzero_si512();
      interleave(even, odd, to);
    }
  }
}

PITH_BF16_TARGET void panels_transposed_avx512(const Bfloat16* rows, std::size_t ldr, std::size_t N,
                                               std::size_t K, Bfloat16* out, std::size_t stride) {
  const std::size_t pairs = (K + 1) / 2;
  for (std::size_t n = 0; n < bf16_panels(N) * kBf16Panel; n += 16) {
    Bfloat16* to = out + n / kBf16Panel * stride + n % kBf16Panel * 2;
    for (std::size_t p = 0; p < pairs; p += 16) {
      __m512i v[16];
      PITH_UNROLL
      for (std::size_t i = 0; i < 16; ++i) {
        v[i] =
            n + i < N ? _mm512_loadu_si512(rows + (n + i) * ldr + 2 * p) : _mm512_setzero_si512();
      }
      transpose_words(v);
      const std::size_t left = std::min<std::size_t>(16, pairs - p);
      PITH_UNROLL
      for (std::size_t i = 0; i < 16; ++i) {
        if (i < left) _mm512_storeu_si512(to + (p + i) * 64, v[i]);
      }
    }
  }
}

PITH_BF16_TARGET void float_panels_avx512(const float* x, std::size_t ldx, std::size_t K,
                                          std::size_t N, Bfloat16* out, std::size_t stride) {
  alignas(64) static constexpr std::uint16_t kPairs[32] = {
      0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  const __m512i pairs = _mm512_load_si512(kPairs);
  for (std::size_t n = 0; n < bf16_panels(N) * kBf16Panel; n += 16) {
    const std::size_t left = n < N ? std::min<std::size_t>(16, N - n) : 0;
    const auto mask = static_cast<__mmask16>((1u << left) - 1);
    const float* row = x + n;
    Bfloat16* to = out + n / kBf16Panel * stride + n % kBf16Panel * 2;
    for (std::size_t k = 0; k < K; k += 2, row += 2 * ldx, to += 64) {
      __m512 even, odd = _mm512_setzero_ps();
      if (left == 16) {
        even = _mm512_loadu_ps(row);
        if (k + 1 < K) odd = _mm512_loadu_ps(row + ldx);
      } else {
        even = _mm512_maskz_loadu_ps(mask, row);
        if (k + 1 < K) odd = _mm512_maskz_loadu_ps(mask, row + ldx);
      }
      const __m512i both = (__m512i)_mm512_cvtne2ps_pbh(odd, even);
      _mm512_storeu_si512(to, _mm512_permutexvar_epi16(pairs, both));
    }
  }
}

#define PITH_BF16_DISPATCH(fast, slow, ...) \
  if (supports(Precision::kBfloat16)) {     \
    fast(__VA_ARGS__);                      \
  } else {                                  \
    slow(__VA_ARGS__);                      \
  }
#else
#define PITH_BF16_DISPATCH(fast, slow, ...) slow(__VA_ARGS__)
#endif

// Panels by their definition (bfloat16.h): element(k, n) is that of a matrix (K, N).
template <class Element>
void panels_of(const Element& element, std::size_t K, std::size_t N, Bfloat16* out,
               std::size_t stride) {
  for (std::size_t n = 0; n < bf16_panels(N) * kBf16Panel; ++n) {
    for (std::size_t k = 0; k < (K + 1) / 2 * 2; ++k) {
      out[n / kBf16Panel * stride + k / 2 * 64 + n % kBf16Panel * 2 + k % 2] =
          k < K && n < N ? element(k, n) : Bfloat16{0};
    }
  }
}

}  // namespace

void to_bf16_rows(const float* x, std::size_t ldx, std::size_t M, std::size_t K, float scale,
                  Bfloat16* out) {
  PITH_BF16_DISPATCH(rows_avx512, to_bf16_rows_ref, x, ldx, M, K, scale, out);
}

void to_bf16_panels(const Bfloat16* rows, std::size_t ldr, std::size_t K, std::size_t N,
                    Bfloat16* out, std::size_t stride) {
  PITH_BF16_DISPATCH(panels_avx512, to_bf16_panels_ref, rows, ldr, K, N, out, stride);
}

void to_bf16_panels_transposed(const Bfloat16* rows, std::size_t ldr, std::size_t N, std::size_t K,
                               Bfloat16* out, std::size_t stride) {
  PITH_BF16_DISPATCH(panels_transposed_avx512, to_bf16_panels_transposed_ref, rows, ldr, N, K, out,
                     stride);
}

void float_to_bf16_panels(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                          Bfloat16* out, std::size_t stride) {
  PITH_BF16_DISPATCH(float_panels_avx512, float_to_bf16_panels_ref, x, ldx, K, N, out, stride);
}

void to_bf16_rows_ref(const float* x, std::size_t ldx, std::size_t M, std::size_t K, float scale,
                      Bfloat16* out) {
  const std::size_t stride = bf16_row_stride(K);
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t k = 0; k < stride; ++k) {
      out[m * stride + k] = k < K ? to_bfloat16(x[m * ldx + k] * scale) : Bfloat16{0};
    }
  }
}

void to_bf16_panels_ref(const Bfloat16* rows, std::size_t ldr, std::size_t K, std::size_t N,
                        Bfloat16* out, std::size_t stride) {
  panels_of([&](std::size_t k, std::size_t n) { return rows[k * ldr + n]; }, K, N, out, stride);
}

void float_to_bf16_panels_ref(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                              Bfloat16* out, std::size_t stride) {
  panels_of([&](std::size_t k, std::size_t n) { return to_bfloat16(x[k * ldx + n]); }, K, N, out,
            stride);
}

void to_bf16_panels_transposed_ref(const Bfloat16* rows, std::size_t ldr, std::size_t N,
                                   std::size_t K, Bfloat16* out, std::size_t stride) {
  panels_of([&](std::size_t k, std::size_t n) { return rows[n * ldr + k]; }, K, N, out, stride);
}

}  // namespace pith
