#include "pith/tensor/cpu/muon_update.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/muon_update.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Float lanes over short runs, doubles across them.
double momentum_elements(float gradient_scale, float beta, const float* HWY_RESTRICT gradient,
                         std::size_t n, float* HWY_RESTRICT momentum, float* HWY_RESTRICT update) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), run = 64 * lanes;
  const auto scale = hn::Set(d, gradient_scale), keep = hn::Set(d, beta);
  const auto rest = hn::Set(d, 1 - beta);
  double total = 0;
  std::size_t i = 0;
  while (i < n) {
    auto sum = hn::Zero(d);
    for (const std::size_t stop = i + run; i < n && i < stop; i += lanes) {
      const std::size_t left = n - i;
      const bool whole = left >= lanes;
      const auto g =
          hn::Mul(whole ? hn::LoadU(d, gradient + i) : load_first(d, gradient + i, left), scale);
      auto m = whole ? hn::LoadU(d, momentum + i) : load_first(d, momentum + i, left);
      m = hn::MulAdd(hn::Sub(g, m), rest, m);
      const auto u = hn::MulAdd(hn::Sub(m, g), keep, g);
      sum = hn::MulAdd(u, u, sum);
      if (whole) {
        hn::StoreU(m, d, momentum + i);
        hn::StoreU(u, d, update + i);
      } else {
        store_first(m, d, momentum + i, left);
        store_first(u, d, update + i, left);
      }
    }
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  }
  return total;
}

void squares_elements(const float* HWY_RESTRICT values, std::size_t n, float* HWY_RESTRICT sums) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto value = hn::LoadU(d, values + i);
    hn::StoreU(hn::MulAdd(value, value, hn::LoadU(d, sums + i)), d, sums + i);
  }
  if (const std::size_t left = n - i; left > 0) {
    const auto value = load_first(d, values + i, left);
    store_first(hn::MulAdd(value, value, load_first(d, sums + i, left)), d, sums + i, left);
  }
}

void apply_elements(const MuonStepSize& size, const float* HWY_RESTRICT update,
                    const float* HWY_RESTRICT scales, std::size_t n, float* HWY_RESTRICT value) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto step = hn::Set(d, size.step), decay = hn::Set(d, size.decay), zero = hn::Zero(d);
  const auto changed = [&](auto u, auto x) HWY_ATTR {
    auto shrink = hn::Mul(decay, x);
    if (size.cautious) shrink = hn::IfThenElse(hn::Gt(hn::Mul(u, x), zero), shrink, zero);
    return hn::Sub(hn::NegMulAdd(step, u, x), shrink);
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto u = hn::LoadU(d, update + i);
    if (scales != nullptr) u = hn::Mul(u, hn::LoadU(d, scales + i));
    hn::StoreU(changed(u, hn::LoadU(d, value + i)), d, value + i);
  }
  if (const std::size_t left = n - i; left > 0) {
    auto u = load_first(d, update + i, left);
    if (scales != nullptr) u = hn::Mul(u, load_first(d, scales + i, left));
    store_first(changed(u, load_first(d, value + i, left)), d, value + i, left);
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(momentum_elements);
HWY_EXPORT(squares_elements);
HWY_EXPORT(apply_elements);

double muon_momentum(float gradient_scale, float beta, const float* gradient, std::size_t n,
                     float* momentum, float* update) {
  return HWY_DYNAMIC_DISPATCH(momentum_elements)(gradient_scale, beta, gradient, n, momentum,
                                                 update);
}

double muon_momentum_ref(float gradient_scale, float beta, const float* gradient, std::size_t n,
                         float* momentum, float* update) {
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const float g = gradient_scale * gradient[i];
    momentum[i] += (1 - beta) * (g - momentum[i]);
    update[i] = g + beta * (momentum[i] - g);
    squares += static_cast<double>(update[i]) * static_cast<double>(update[i]);
  }
  return squares;
}

void add_squares(const float* values, std::size_t n, float* sums) {
  HWY_DYNAMIC_DISPATCH(squares_elements)(values, n, sums);
}

void add_squares_ref(const float* values, std::size_t n, float* sums) {
  for (std::size_t i = 0; i < n; ++i) sums[i] += values[i] * values[i];
}

void muon_apply(const MuonStepSize& size, const float* update, const float* scales, std::size_t n,
                float* value) {
  HWY_DYNAMIC_DISPATCH(apply_elements)(size, update, scales, n, value);
}

void muon_apply_ref(const MuonStepSize& size, const float* update, const float* scales,
                    std::size_t n, float* value) {
  for (std::size_t i = 0; i < n; ++i) {
    const float u = scales != nullptr ? update[i] * scales[i] : update[i];
    const bool decays = !size.cautious || u * value[i] > 0;
    value[i] -= size.step * u + (decays ? size.decay * value[i] : 0.0f);
  }
}

}  // namespace pith
#endif  // HWY_ONCE
