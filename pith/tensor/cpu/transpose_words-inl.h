// A transposition of 32-bit words in registers, for the .cc files that lay out matrices of narrow
// numbers. Needs AVX-512.
#pragma once

#include "pith/tensor/cpu/avx512_bf16-inl.h"
#include "pith/tensor/cpu/unroll.h"

#if defined(__x86_64__)
#define PITH_WORDS_TARGET __attribute__((target("avx512f"), always_inline))

namespace pith {

// Sixteen rows of sixteen 32-bit words become its columns.
PITH_WORDS_TARGET inline void transpose_words(__m512i (&v)[16]) {
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

}  // namespace pith
#endif
