#pragma once

#include <cstddef>

// Rows that are weighted and summed: what the experts of a token make, and what attention does.
// Any thread, on memory of its own.
namespace pith {

// out (C) = rows[0] + rows[1] + ..., added in this order; at least one. out may be rows[0].
void sum_rows(const float* const* rows, std::size_t count, std::size_t C, float* out);
void sum_rows_ref(const float* const* rows, std::size_t count, std::size_t C, float* out);

// x (n) becomes weight x.
void weight_row(float weight, std::size_t n, float* x);
void weight_row_ref(float weight, std::size_t n, float* x);

// Of y = weight x: gradient (n) of y becomes that of x; returns that of the weight, the sum of
// x_i gradient_i.
float weight_row_backward(float weight, const float* x, std::size_t n, float* gradient);
float weight_row_backward_ref(float weight, const float* x, std::size_t n, float* gradient);

}  // namespace pith
