#include "pith/tensor/cpu/bfloat16.h"

#include <algorithm>
#include <cstring>

#include "pith/tensor/cpu/avx512_bf16-inl.h"
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

// Sixteen rows of sixteen 32-bit words become its columns.
PITH_BF16_TARGET inline void transpose_words(__m512i (&v)[16]) {
  __m512i t[16];
  PITH_UNROLL
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
  }
  PITH_UNROLL
  for (int i = 0; i < 16; i += 4) {
    v[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    v[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    v[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    v[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  PITH_UNROLL
  for (int j = 0; j < 4; ++j) {  // v[4 g + j]: columns j, 4 + j, 8 + j, 12 + j of rows 4 g ..
    t[j] = _mm512_shuffle_i32x4(v[j], v[4 + j], 0x88);
    t[4 + j] = _mm512_shuffle_i32x4(v[j], v[4 + j], 0xdd);
    t[8 + j] = _mm512_shuffle_i32x4(v[8 + j], v[12 + j], 0x88);
    t[12 + j] = _mm512_shuffle_i32x4(v[8 + j], v[12 + j], 0xdd);
  }
  PITH_UNROLL
  for (int j = 0; j < 4; ++j) {
    v[j] = _mm512_shuffle_i32x4(t[j], t[8 + j], 0x88);
    v[8 + j] = _mm512_shuffle_i32x4(t[j], t[8 + j], 0xdd);
    v[4 + j] = _mm512_shuffle_i32x4(t[4 + j], t[12 + j], 0x88);
    v[12 + j] = _mm512_shuffle_i32x4(t[4 + j], t[12 + j], 0xdd);
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

#define PITH_BF16_DISPATCH(fast, slow, ...) \
  if (supports(Precision::kBfloat16)) {     \
    fast(__VA_ARGS__);                      \
  } else {                                  \
    slow(__VA_ARGS__);                      \
  }
#else
#define PITH_BF16_DISPATCH(fast, slow, ...) slow(__VA_ARGS__)
#endif

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
  for (std::size_t n = 0; n < bf16_panels(N) * kBf16Panel; ++n) {
    for (std::size_t k = 0; k < (K + 1) / 2 * 2; ++k) {
      out[n / kBf16Panel * stride + k / 2 * 64 + n % kBf16Panel * 2 + k % 2] =
          k < K && n < N ? rows[k * ldr + n] : Bfloat16{0};
    }
  }
}

void to_bf16_panels_transposed_ref(const Bfloat16* rows, std::size_t ldr, std::size_t N,
                                   std::size_t K, Bfloat16* out, std::size_t stride) {
  for (std::size_t n = 0; n < bf16_panels(N) * kBf16Panel; ++n) {
    for (std::size_t k = 0; k < (K + 1) / 2 * 2; ++k) {
      out[n / kBf16Panel * stride + k / 2 * 64 + n % kBf16Panel * 2 + k % 2] =
          k < K && n < N ? rows[n * ldr + k] : Bfloat16{0};
    }
  }
}

}  // namespace pith
