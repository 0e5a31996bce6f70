#pragma once

#include <cstddef>

// The parts of a Transformer that a served model computes between its products. Every function
// sums in a fixed order, whatever is computed beside it. All pointers are to rows of floats; sizes
// need not be multiples of anything unless said. Any thread.
namespace pith {

// out = x / sqrt(mean(x^2) + epsilon) * gain; x, gain and out are (C). (Zhang, Sennrich 2019)
void rms_norm_row(const float* x, const float* gain, std::size_t channels, float epsilon,
                  float* out);
void rms_norm_row_ref(const float* x, const float* gain, std::size_t channels, float epsilon,
                      float* out);

// out = silu(gate) * up, all (n); silu(z) = z / (1 + exp(-z)). (Shazeer 2020, SwiGLU)
void swiglu_row(const float* gate, const float* up, std::size_t n, float* out);
void swiglu_row_ref(const float* gate, const float* up, std::size_t n, float* out);

// values[i] = exp(values[i] - max) over (n) with n >= 1; returns the sum. -infinity gives 0.
// max is the largest value and must be finite.
float exp_minus_max(float* values, std::size_t n, float max);
float exp_minus_max_ref(float* values, std::size_t n, float max);

// The largest of (n) values; -infinity when n is 0. NaN when any is NaN.
float largest(const float* values, std::size_t n);

// out += sum over t < n of weights[t] * values[t * D .. t * D + D - 1]; D is a multiple of 16.
void add_weighted_rows(const float* weights, const float* values, std::size_t n,
                       std::size_t head_size, float* out);
void add_weighted_rows_ref(const float* weights, const float* values, std::size_t n,
                           std::size_t head_size, float* out);

// scores[p * 16 + i] = sum over d of query[d] * keys[p * 16 * D + d * 16 + i], for panels p:
// sixteen keys are packed as in packed_matrix.h.
void score_panels(const float* query, const float* keys, std::size_t panels, std::size_t head_size,
                  float* scores);
void score_panels_ref(const float* query, const float* keys, std::size_t panels,
                      std::size_t head_size, float* scores);

// out[d] += sum over p < panels, i < 16 of weights[p * 16 + i] * keys[p * 16 * D + d * 16 + i] for
// d < n, n <= D: values that are the first n numbers of the keys.
void add_weighted_panels(const float* weights, const float* keys, std::size_t panels,
                         std::size_t head_size, std::size_t n, float* out);
void add_weighted_panels_ref(const float* weights, const float* keys, std::size_t panels,
                             std::size_t head_size, std::size_t n, float* out);

}  // namespace pith
