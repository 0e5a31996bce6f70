#pragma once

#include <cstddef>

namespace pith {

// The sum of the squares of n floats. Any thread.
double sum_of_squares(const float* values, std::size_t n);

// What one AdamW step does to every element (Loshchilov and Hutter 2019, in torch.optim.AdamW's
// order):
//   g = gradient_scale gradient;  m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2
//   value = value decay - step_size m / (sqrt(v) inverse_root + epsilon)
struct AdamWCoefficients {
  float gradient_scale = 1;
  float beta1 = 0, beta2 = 0;
  float decay = 1;         // 1 - learning rate * weight decay
  float step_size = 0;     // learning rate / (1 - beta1^step)
  float inverse_root = 1;  // 1 / sqrt(1 - beta2^step)
  float epsilon = 0;
};
void adamw_update(const AdamWCoefficients& coefficients, const float* gradient, std::size_t n,
                  float* value, float* first_moment, float* second_moment);
void adamw_update_ref(const AdamWCoefficients& coefficients, const float* gradient, std::size_t n,
                      float* value, float* first_moment, float* second_moment);

}  // namespace pith
