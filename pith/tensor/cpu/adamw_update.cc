#include "pith/tensor/cpu/adamw_update.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/adamw_update.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Float lanes over short runs, doubles across them.
double squares_sum(const float* HWY_RESTRICT values, std::size_t n) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), run = 64 * lanes;
  double total = 0;
  std::size_t i = 0;
  while (i + lanes <= n) {
    auto sum = hn::Zero(d);
    for (const std::size_t stop = i + run; i + lanes <= n && i < stop; i += lanes) {
      const auto value = hn::LoadU(d, values + i);
      sum = hn::MulAdd(value, value, sum);
    }
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  }
  for (; i < n; ++i) total += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return total;
}

void adamw_elements(const AdamWCoefficients& with, const float* HWY_RESTRICT gradient,
                    std::size_t n, float* HWY_RESTRICT value, float* HWY_RESTRICT first_moment,
                    float* HWY_RESTRICT second_moment) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto gradient_scale = hn::Set(d, with.gradient_scale);
  const auto rest1 = hn::Set(d, 1 - with.beta1);
  const auto beta2 = hn::Set(d, with.beta2), rest2 = hn::Set(d, 1 - with.beta2);
  const auto decay = hn::Set(d, with.decay), step = hn::Set(d, with.step_size);
  const auto root = hn::Set(d, with.inverse_root), epsilon = hn::Set(d, with.epsilon);
  const auto update = [&](auto raw, auto& x, auto& m, auto& v) HWY_ATTR {
    const auto g = hn::Mul(raw, gradient_scale);
    m = hn::MulAdd(hn::Sub(g, m), rest1, m);
    v = hn::MulAdd(v, beta2, hn::Mul(hn::Mul(g, g), rest2));
    const auto denominator = hn::MulAdd(hn::Sqrt(v), root, epsilon);
    x = hn::NegMulAdd(step, hn::Div(m, denominator), hn::Mul(x, decay));
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto x = hn::LoadU(d, value + i);
    auto m = hn::LoadU(d, first_moment + i), v = hn::LoadU(d, second_moment + i);
    update(hn::LoadU(d, gradient + i), x, m, v);
    hn::StoreU(x, d, value + i);
    hn::StoreU(m, d, first_moment + i);
    hn::StoreU(v, d, second_moment + i);
  }
  if (const std::size_t left = n - i; left > 0) {
    auto x = load_first(d, value + i, left);
    auto m = load_first(d, first_moment + i, left), v = load_first(d, second_moment + i, left);
    update(load_first(d, gradient + i, left), x, m, v);
    store_first(x, d, value + i, left);
    store_first(m, d, first_moment + i, left);
    store_first(v, d, second_moment + i, left);
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(squares_sum);
HWY_EXPORT(adamw_elements);

double sum_of_squares(const float* values, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(squares_sum)(values, n);
}

void adamw_update(const AdamWCoefficients& coefficients, const float* gradient, std::size_t n,
                  float* value, float* first_moment, float* second_moment) {
  HWY_DYNAMIC_DISPATCH(adamw_elements)
  (coefficients, gradient, n, value, first_moment, second_moment);
}

void adamw_update_ref(const AdamWCoefficients& with, const float* gradient, std::size_t n,
                      float* value, float* first_moment, float* second_moment) {
  for (std::size_t i = 0; i < n; ++i) {
    const float g = with.gradient_scale * gradient[i];
    float& m = first_moment[i];
    float& v = second_moment[i];
    m += (1 - with.beta1) * (g - m);
    v = with.beta2 * v + (1 - with.beta2) * g * g;
    const float denominator = std::sqrt(v) * with.inverse_root + with.epsilon;
    value[i] = value[i] * with.decay - with.step_size * m / denominator;
  }
}

}  // namespace pith
#endif  // HWY_ONCE
