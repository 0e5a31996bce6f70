#pragma once

#include <cstddef>

// SwiGLU (Shazeer 2020): the gated unit of Llama's MLP.
namespace pith {

// gate_up is (rows, 2 F), gates first; out is (rows, F):  out = silu(gate) up,
// silu(z) = z / (1 + e^-z). Any thread.
void swiglu(const float* gate_up, std::size_t rows, std::size_t F, float* out);
void swiglu_ref(const float* gate_up, std::size_t rows, std::size_t F, float* out);

// d_gate_up (rows, 2 F) from d_out (rows, F):
//   d_up = d_out silu(gate),  d_gate = d_out up s (1 + gate (1 - s)),  s = sigmoid(gate)
// d_gate_up may be gate_up. Any thread.
void swiglu_backward(const float* gate_up, const float* d_out, std::size_t rows, std::size_t F,
                     float* d_gate_up);
void swiglu_backward_ref(const float* gate_up, const float* d_out, std::size_t rows, std::size_t F,
                         float* d_gate_up);

}  // namespace pith
