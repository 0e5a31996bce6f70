// The instructions of AVX-512 BF16 and VNNI, for the .cc files whose kernels use them: a function
// marked PITH_BF16_TARGET may, and runs only where supports(Precision::kBfloat16); so with
// PITH_INT8_TARGET and kInt8.
#pragma once

#if defined(__x86_64__)
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // _mm512_undefined(), GCC bug 105593
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#define PITH_BF16_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define PITH_INT8_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#endif
