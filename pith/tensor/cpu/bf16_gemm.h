#pragma once

#include <cstddef>

#include "pith/tensor/cpu/bfloat16.h"

// Products of bfloat16 matrices in the layouts of bfloat16.h, summed in floats, on the calling
// thread alone. The sum of an element is taken in an order that depends on nothing but K, so
// callers that split the work into fixed pieces get the same bits on any number of threads.
//
// With AVX-512 BF16 a tile of 8 x 32 sums stays in registers: 90 to 98 % of the instruction's peak
// from K = 128 on, as the panel of B stays in the first cache and rows of A in the second. Without,
// the reference runs: plan for 32-bit floats there (precision.h).
namespace pith {

// C (M, N) = A B, or with `add` C + A B. A is (M, K) in rows `lda` apart, B is (K, N) in panels,
// C has rows `ldc` apart.
void gemm_bf16(std::size_t M, std::size_t N, std::size_t K, const Bfloat16* a, std::size_t lda,
               Bf16Panels b, bool add, float* c, std::size_t ldc);
void gemm_bf16_ref(std::size_t M, std::size_t N, std::size_t K, const Bfloat16* a, std::size_t lda,
                   Bf16Panels b, bool add, float* c, std::size_t ldc);

// C (M, N) = A^T B, or with `add` C + A^T B. A is (K, M) in panels, B is (K, N) in panels.
void gemm_bf16_transposed(std::size_t M, std::size_t N, std::size_t K, Bf16Panels a, Bf16Panels b,
                          bool add, float* c, std::size_t ldc);
void gemm_bf16_transposed_ref(std::size_t M, std::size_t N, std::size_t K, Bf16Panels a,
                              Bf16Panels b, bool add, float* c, std::size_t ldc);

}  // namespace pith
