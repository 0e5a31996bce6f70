#include "pith/tensor/cpu/int8_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "pith/tensor/cpu/transpose_words-inl.h"
#include "pith/tensor/cpu/unroll.h"
#include "pith/tensor/precision.h"

namespace pith {
namespace {

constexpr float kMost = 127.0f;

float inverse_of(float largest) { return largest > 0 ? kMost / largest : 0.0f; }

#if defined(__x86_64__)

// The first n <= 16 floats at x, zeros behind.
PITH_INT8_TARGET inline __m512 load_some(const float* x, std::size_t n) {
  if (n >= 16) return _mm512_loadu_ps(x);
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), x);
}

PITH_INT8_TARGET inline __m512 larger(__m512 largest, __m512 x) {
  return _mm512_max_ps(largest, _mm512_abs_ps(x));
}

PITH_INT8_TARGET float largest_of_row(const float* row, std::size_t K) {
  __m512 largest = _mm512_setzero_ps(), too = largest;
  for (std::size_t k = 0; k < K; k += 32) {
    largest = larger(largest, load_some(row + k, K - k));
    if (k + 16 < K) too = larger(too, load_some(row + k + 16, K - k - 16));
  }
  return _mm512_reduce_max_ps(_mm512_max_ps(largest, too));
}

PITH_INT8_TARGET void rows_avx512(const float* x, std::size_t ldx, std::size_t M, std::size_t K,
                                  std::uint8_t* out, float* scales) {
  const std::size_t stride = int8_row_stride(K);
  const __m128i sign = _mm_set1_epi8(static_cast<char>(0x80));
  for (std::size_t m = 0; m < M; ++m) {
    const float* row = x + m * ldx;
    const float largest = largest_of_row(row, K);
    scales[m] = largest / kMost;
    const __m512 inverse = _mm512_set1_ps(inverse_of(largest));
    std::uint8_t* to = out + m * stride;
    for (std::size_t k = 0; k < K; k += 16) {
      const __m512i q = _mm512_cvtps_epi32(_mm512_mul_ps(load_some(row + k, K - k), inverse));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + k),
                       _mm_xor_si128(_mm512_cvtsepi32_epi8(q), sign));
    }
    for (std::size_t k = (K + 15) / 16 * 16; k < stride; ++k) to[k] = 128;
  }
}

// Sixteen columns of a panel.
PITH_INT8_TARGET void panel_avx512(const float* x, std::size_t ldx, std::size_t K, std::size_t left,
                                   std::int8_t* out, float* scales, std::int32_t* offsets) {
  __m512 largest = _mm512_setzero_ps();
  for (std::size_t k = 0; k < K; ++k) largest = larger(largest, load_some(x + k * ldx, left));
  _mm512_storeu_ps(scales, _mm512_div_ps(largest, _mm512_set1_ps(kMost)));
  const __m512 inverse = _mm512_maskz_div_ps(
      _mm512_cmp_ps_mask(largest, _mm512_setzero_ps(), _CMP_GT_OQ), _mm512_set1_ps(kMost), largest);
  __m512i sums = _mm512_setzero_si512();
  const __m512i byte = _mm512_set1_epi32(0xff);
  for (std::size_t k = 0; k < K; k += 4) {
    __m512i four = _mm512_setzero_si512();
    PITH_UNROLL
    for (std::size_t i = 0; i < 4; ++i) {
      if (k + i >= K) continue;
      const __m512i q =
          _mm512_cvtps_epi32(_mm512_mul_ps(load_some(x + (k + i) * ldx, left), inverse));
      sums = _mm512_add_epi32(sums, q);
      four = _mm512_or_si512(
          four, _mm512_slli_epi32(_mm512_and_si512(q, byte), static_cast<unsigned>(8 * i)));
    }
    _mm512_storeu_si512(out + k / 4 * 128, four);
  }
  _mm512_storeu_si512(offsets, _mm512_mullo_epi32(sums, _mm512_set1_epi32(-128)));
}

// Sixteen columns of a panel, which are rows of x.
PITH_INT8_TARGET void panel_transposed_avx512(const float* x, std::size_t ldx, std::size_t left,
                                              std::size_t K, std::int8_t* out, float* scales,
                                              std::int32_t* offsets) {
  float inverses[16] = {};
  for (std::size_t i = 0; i < 16; ++i) {
    const float largest = i < left ? largest_of_row(x + i * ldx, K) : 0.0f;
    scales[i] = largest / kMost;
    inverses[i] = inverse_of(largest);
  }
  const std::size_t fours = (K + 3) / 4;
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i sums = _mm512_setzero_si512();
  for (std::size_t at = 0; at < fours; at += 16) {
    __m512i v[16];
    for (std::size_t i = 0; i < 16; ++i) {
      alignas(64) std::int8_t bytes[64] = {};
      for (std::size_t part = 0; i < left && part < 4; ++part) {
        const std::size_t k = 4 * at + 16 * part;
        if (k >= K) break;
        const __m512 scaled =
            _mm512_mul_ps(load_some(x + i * ldx + k, K - k), _mm512_set1_ps(inverses[i]));
        _mm_store_si128(reinterpret_cast<__m128i*>(bytes + 16 * part),
                        _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(scaled)));
      }
      v[i] = _mm512_load_si512(bytes);
    }
    transpose_words(v);
    for (std::size_t i = 0; i < 16; ++i) {
      if (at + i >= fours) break;
      sums = _mm512_dpbusd_epi32(sums, ones, v[i]);
      _mm512_storeu_si512(out + (at + i) * 128, v[i]);
    }
  }
  _mm512_storeu_si512(offsets, _mm512_mullo_epi32(sums, _mm512_set1_epi32(-128)));
}

#endif

int quantized(float x, float inverse) {
  return static_cast<int>(std::nearbyint(std::clamp(x * inverse, -kMost, kMost)));
}

// The panel whose element (k, n) is x(k, n), for n < columns.
template <class Element>
void reference_panel(std::size_t K, std::size_t columns, const Element& x, std::int8_t* out,
                     float* scales, std::int32_t* offsets) {
  for (std::size_t n = 0; n < kInt8Panel; ++n) {
    float largest = 0;
    for (std::size_t k = 0; k < K && n < columns; ++k)
      largest = std::max(largest, std::abs(x(k, n)));
    scales[n] = largest / kMost;
    offsets[n] = 0;
    for (std::size_t k = 0; k < (K + 3) / 4 * 4; ++k) {
      const int q = k < K && n < columns ? quantized(x(k, n), inverse_of(largest)) : 0;
      out[k / 4 * 128 + n * 4 + k % 4] = static_cast<std::int8_t>(q);
      offsets[n] -= 128 * q;
    }
  }
}

}  // namespace

void to_int8_rows(const float* x, std::size_t ldx, std::size_t M, std::size_t K, std::uint8_t* out,
                  float* scales) {
#if defined(__x86_64__)
  if (supports(Precision::kInt8)) return rows_avx512(x, ldx, M, K, out, scales);
#endif
  to_int8_rows_ref(x, ldx, M, K, out, scales);
}

void to_int8_panel(const float* x, std::size_t ldx, std::size_t K, std::size_t N, std::size_t panel,
                   std::int8_t* out, float* scales, std::int32_t* offsets) {
#if defined(__x86_64__)
  if (supports(Precision::kInt8)) {
    for (std::size_t half = 0; half < kInt8Panel; half += 16) {
      const std::size_t n = panel * kInt8Panel + half;
      panel_avx512(x + n, ldx, K, n < N ? std::min<std::size_t>(16, N - n) : 0, out + half * 4,
                   scales + half, offsets + half);
    }
    return;
  }
#endif
  to_int8_panel_ref(x, ldx, K, N, panel, out, scales, offsets);
}

void to_int8_panel_transposed(const float* x, std::size_t ldx, std::size_t N, std::size_t K,
                              std::size_t panel, std::int8_t* out, float* scales,
                              std::int32_t* offsets) {
#if defined(__x86_64__)
  if (supports(Precision::kInt8)) {
    for (std::size_t half = 0; half < kInt8Panel; half += 16) {
      const std::size_t n = panel * kInt8Panel + half;
      panel_transposed_avx512(x + n * ldx, ldx, n < N ? std::min<std::size_t>(16, N - n) : 0, K,
                              out + half * 4, scales + half, offsets + half);
    }
    return;
  }
#endif
  to_int8_panel_transposed_ref(x, ldx, N, K, panel, out, scales, offsets);
}

void to_int8_rows_ref(const float* x, std::size_t ldx, std::size_t M, std::size_t K,
                      std::uint8_t* out, float* scales) {
  const std::size_t stride = int8_row_stride(K);
  for (std::size_t m = 0; m < M; ++m) {
    float largest = 0;
    for (std::size_t k = 0; k < K; ++k) largest = std::max(largest, std::abs(x[m * ldx + k]));
    scales[m] = largest / kMost;
    for (std::size_t k = 0; k < stride; ++k) {
      const int q = k < K ? quantized(x[m * ldx + k], inverse_of(largest)) : 0;
      out[m * stride + k] = static_cast<std::uint8_t>(q + 128);
    }
  }
}

void to_int8_panel_ref(const float* x, std::size_t ldx, std::size_t K, std::size_t N,
                       std::size_t panel, std::int8_t* out, float* scales, std::int32_t* offsets) {
  const std::size_t first = panel * kInt8Panel;
  reference_panel(
      K, std::min(kInt8Panel, N - first),
      [&](std::size_t k, std::size_t n) { return x[k * ldx + first + n]; }, out, scales, offsets);
}

void to_int8_panel_transposed_ref(const float* x, std::size_t ldx, std::size_t N, std::size_t K,
                                  std::size_t panel, std::int8_t* out, float* scales,
                                  std::int32_t* offsets) {
  const std::size_t first = panel * kInt8Panel;
  reference_panel(
      K, std::min(kInt8Panel, N - first),
      [&](std::size_t k, std::size_t n) { return x[(first + n) * ldx + k]; }, out, scales, offsets);
}

}  // namespace pith
