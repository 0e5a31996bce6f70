#pragma once

#include <cstddef>

// Squared ReLU (So et al. 2021).
namespace pith {

// out = max(x, 0)^2, both (n). out may be x. Any thread.
void relu_squared(const float* x, std::size_t n, float* out);
void relu_squared_ref(const float* x, std::size_t n, float* out);

// d_x = 2 max(x, 0) d_out, all (n). d_x may be x or d_out. Any thread.
void relu_squared_backward(const float* x, const float* d_out, std::size_t n, float* d_x);
void relu_squared_backward_ref(const float* x, const float* d_out, std::size_t n, float* d_x);

}  // namespace pith
