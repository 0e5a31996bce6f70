#pragma once

#include <cstddef>

// RMSNorm (Zhang and Sennrich 2019), fused with the residual sum before it.
namespace pith {

// sum = x + branch (branch null: x), each (rows, C); every row of it scaled to unit root mean
// square, then by `gain` (C):
//   inverse_rms_t = 1 / sqrt(mean_c sum_tc^2 + epsilon),  out_tc = sum_tc inverse_rms_t gain_c
// `sum` may be x itself; with branch and sum null nothing is summed or written there.
// inverse_rms is (rows). Any thread.
void add_rms_norm(const float* x, const float* branch, const float* gain, float epsilon,
                  std::size_t rows, std::size_t C, float* sum, float* out, float* inverse_rms);
void add_rms_norm_ref(const float* x, const float* branch, const float* gain, float epsilon,
                      std::size_t rows, std::size_t C, float* sum, float* out, float* inverse_rms);

// Given d_out and the gradient d_sum that reaches the sum by the residual path (null: none), both
// (rows, C):
//   d_x = d_sum + inverse_rms (gain d_out - n mean_c(gain d_out n)),  n = sum inverse_rms
// d_gain (C) is written: the sum over the rows of d_out n. d_x may be d_sum. Any thread.
void add_rms_norm_backward(const float* sum, const float* gain, const float* inverse_rms,
                           const float* d_out, const float* d_sum, std::size_t rows, std::size_t C,
                           float* d_x, float* d_gain);
void add_rms_norm_backward_ref(const float* sum, const float* gain, const float* inverse_rms,
                               const float* d_out, const float* d_sum, std::size_t rows,
                               std::size_t C, float* d_x, float* d_gain);

}  // namespace pith
