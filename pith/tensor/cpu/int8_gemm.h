#pragma once

#include <cstddef>

#include "pith/tensor/cpu/int8_matrix.h"

namespace pith {

// C (M, N) = A B of 8-bit integers in the layouts of int8_matrix.h, summed in 32-bit integers, so
// exactly (K up to 65,536), then times the row's and the column's scale; on the calling thread
// alone. C is floats with rows `ldc` apart. With AVX-512 VNNI a tile of 8 x 32 sums stays in
// registers, at twice the rate of bfloat16; without, the reference runs.
void gemm_int8(std::size_t M, std::size_t N, std::size_t K, Int8Rows a, Int8Panels b, float* c,
               std::size_t ldc);
void gemm_int8_ref(std::size_t M, std::size_t N, std::size_t K, Int8Rows a, Int8Panels b, float* c,
                   std::size_t ldc);

}  // namespace pith
