#include "pith/tensor/cpu/softcap.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/softcap.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// tanh z = 2 sigmoid(2 z) - 1: off by a rounding of 1, however small z is.
void softcap_rows(float cap, std::size_t n, float* HWY_RESTRICT x, float* HWY_RESTRICT slopes) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto caps = hn::Set(d, cap), twice = hn::Set(d, 2 / cap);
  const auto one = hn::Set(d, 1.0f), two = hn::Set(d, 2.0f);
  const auto tanh = [&](auto value) HWY_ATTR {
    return hn::MulSub(two, vector_sigmoid(d, hn::Mul(value, twice)), one);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto value = tanh(hn::LoadU(d, x + i));
    hn::StoreU(hn::Mul(value, caps), d, x + i);
    if (slopes != nullptr) hn::StoreU(hn::NegMulAdd(value, value, one), d, slopes + i);
  }
  if (i < n) {
    const auto value = tanh(load_first(d, x + i, n - i));
    store_first(hn::Mul(value, caps), d, x + i, n - i);
    if (slopes != nullptr) {
      store_first(hn::NegMulAdd(value, value, one), d, slopes + i, n - i);
    }
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(softcap_rows);

void softcap(float cap, std::size_t n, float* x, float* slopes) {
  HWY_DYNAMIC_DISPATCH(softcap_rows)(cap, n, x, slopes);
}

void softcap_ref(float cap, std::size_t n, float* x, float* slopes) {
  for (std::size_t i = 0; i < n; ++i) {
    const double value = std::tanh(static_cast<double>(x[i]) / static_cast<double>(cap));
    x[i] = static_cast<float>(static_cast<double>(cap) * value);
    if (slopes != nullptr) slopes[i] = static_cast<float>(1 - value * value);
  }
}

}  // namespace pith
#endif  // HWY_ONCE
