#pragma once

#include <cstddef>

namespace pith {

// out is (rows, C): row tokens[t] of table (V, C). Any thread.
void embedding(const float* table, const int* tokens, std::size_t rows, std::size_t C, float* out);

// Adds columns [begin, end) of d_out (rows, C) to those of rows tokens[t] of d_table (V, C), in the
// order of t: work split by columns gives the same bits on any number of threads. Any thread.
void embedding_backward(const int* tokens, const float* d_out, std::size_t rows, std::size_t C,
                        std::size_t begin, std::size_t end, float* d_table);

}  // namespace pith
