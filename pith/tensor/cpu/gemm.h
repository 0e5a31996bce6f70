#pragma once

#include <cstddef>

// Products of row-major float matrices, by oneDNN.
namespace pith {

enum class Transpose : bool { kNo, kYes };

// C = alpha op(A) op(B) + beta C on the calling thread alone, so that the sum of an element depends
// on nothing but M, N, K and the operands: callers split the work into fixed pieces and get the
// same bits on any number of threads. op(A) is (M, K), op(B) is (K, N), C is (M, N); `lda`, `ldb`
// and `ldc` are the distances between rows as stored. With beta 0, C is not read.
void gemm(Transpose transpose_a, Transpose transpose_b, std::size_t M, std::size_t N, std::size_t K,
          float alpha, const float* a, std::size_t lda, const float* b, std::size_t ldb, float beta,
          float* c, std::size_t ldc);

void gemm_ref(Transpose transpose_a, Transpose transpose_b, std::size_t M, std::size_t N,
              std::size_t K, float alpha, const float* a, std::size_t lda, const float* b,
              std::size_t ldb, float beta, float* c, std::size_t ldc);

}  // namespace pith
