#include "pith/tensor/cpu/relu_squared.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/relu_squared.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void relu_squared_forward(const float* x, std::size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto positive = hn::Max(hn::LoadU(d, x + i), hn::Zero(d));
    hn::StoreU(hn::Mul(positive, positive), d, out + i);
  }
  for (; i < n; ++i) {
    const float positive = std::max(x[i], 0.0f);
    out[i] = positive * positive;
  }
}

void relu_squared_gradient(const float* x, const float* d_out, std::size_t n, float* d_x) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto positive = hn::Max(hn::LoadU(d, x + i), hn::Zero(d));
    hn::StoreU(hn::Mul(hn::Add(positive, positive), hn::LoadU(d, d_out + i)), d, d_x + i);
  }
  for (; i < n; ++i) d_x[i] = 2 * std::max(x[i], 0.0f) * d_out[i];
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(relu_squared_forward);
HWY_EXPORT(relu_squared_gradient);

void relu_squared(const float* x, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(relu_squared_forward)(x, n, out);
}

void relu_squared_ref(const float* x, std::size_t n, float* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double positive = std::max(static_cast<double>(x[i]), 0.0);
    out[i] = static_cast<float>(positive * positive);
  }
}

void relu_squared_backward(const float* x, const float* d_out, std::size_t n, float* d_x) {
  HWY_DYNAMIC_DISPATCH(relu_squared_gradient)(x, d_out, n, d_x);
}

void relu_squared_backward_ref(const float* x, const float* d_out, std::size_t n, float* d_x) {
  for (std::size_t i = 0; i < n; ++i) {
    const double positive = std::max(static_cast<double>(x[i]), 0.0);
    d_x[i] = static_cast<float>(2 * positive * static_cast<double>(d_out[i]));
  }
}

}  // namespace pith
#endif  // HWY_ONCE
