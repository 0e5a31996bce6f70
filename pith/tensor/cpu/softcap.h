#pragma once

#include <cstddef>

// Logits bounded softly (Gemma 2, Rivière et al. 2024).
namespace pith {

// x becomes cap tanh(x / cap), (n); cap is above 0. With `slopes` (n) not null they become the
// derivatives, 1 - tanh^2(x / cap). Any thread.
void softcap(float cap, std::size_t n, float* x, float* slopes);
void softcap_ref(float cap, std::size_t n, float* x, float* slopes);

}  // namespace pith
