#include "pith/tensor/cpu/swiglu.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/swiglu.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void swiglu_forward(const float* HWY_RESTRICT gate_up, std::size_t rows, std::size_t F,
                    float* HWY_RESTRICT out) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t t = 0; t < rows; ++t) {
    const float* HWY_RESTRICT gates = gate_up + t * 2 * F;
    const float* HWY_RESTRICT ups = gates + F;
    float* HWY_RESTRICT out_t = out + t * F;
    const auto activate = [&](auto gate, auto up) HWY_ATTR {
      return hn::Mul(hn::Mul(gate, vector_sigmoid(d, gate)), up);
    };
    std::size_t f = 0;
    for (; f + lanes <= F; f += lanes) {
      hn::StoreU(activate(hn::LoadU(d, gates + f), hn::LoadU(d, ups + f)), d, out_t + f);
    }
    if (f < F) {
      const auto value = activate(load_first(d, gates + f, F - f), load_first(d, ups + f, F - f));
      store_first(value, d, out_t + f, F - f);
    }
  }
}

void swiglu_gradient(const float* gate_up, const float* HWY_RESTRICT d_out, std::size_t rows,
                     std::size_t F, float* d_gate_up) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto one = hn::Set(d, 1.0f);
  for (std::size_t t = 0; t < rows; ++t) {
    const float* gates = gate_up + t * 2 * F;
    const float* HWY_RESTRICT d_row = d_out + t * F;
    float* d_gates = d_gate_up + t * 2 * F;
    const auto slopes = [&](auto gate, auto up, auto gradient, auto& d_gate, auto& d_up) HWY_ATTR {
      const auto sigmoid = vector_sigmoid(d, gate);
      const auto silu = hn::Mul(gate, sigmoid);
      // s (1 + gate (1 - s)) = s + silu (1 - s)
      const auto slope = hn::MulAdd(silu, hn::Sub(one, sigmoid), sigmoid);
      d_gate = hn::Mul(gradient, hn::Mul(up, slope));
      d_up = hn::Mul(gradient, silu);
    };
    auto d_gate = hn::Zero(d), d_up = d_gate;
    std::size_t f = 0;
    for (; f + lanes <= F; f += lanes) {
      slopes(hn::LoadU(d, gates + f), hn::LoadU(d, gates + F + f), hn::LoadU(d, d_row + f), d_gate,
             d_up);
      hn::StoreU(d_gate, d, d_gates + f);
      hn::StoreU(d_up, d, d_gates + F + f);
    }
    if (f < F) {
      slopes(load_first(d, gates + f, F - f), load_first(d, gates + F + f, F - f),
             load_first(d, d_row + f, F - f), d_gate, d_up);
      store_first(d_gate, d, d_gates + f, F - f);
      store_first(d_up, d, d_gates + F + f, F - f);
    }
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(swiglu_forward);
HWY_EXPORT(swiglu_gradient);

void swiglu(const float* gate_up, std::size_t rows, std::size_t F, float* out) {
  HWY_DYNAMIC_DISPATCH(swiglu_forward)(gate_up, rows, F, out);
}

void swiglu_ref(const float* gate_up, std::size_t rows, std::size_t F, float* out) {
  for (std::size_t t = 0; t < rows; ++t) {
    for (std::size_t f = 0; f < F; ++f) {
      const double gate = static_cast<double>(gate_up[t * 2 * F + f]);
      const double up = static_cast<double>(gate_up[t * 2 * F + F + f]);
      out[t * F + f] = static_cast<float>(gate / (1.0 + std::exp(-gate)) * up);
    }
  }
}

void swiglu_backward(const float* gate_up, const float* d_out, std::size_t rows, std::size_t F,
                     float* d_gate_up) {
  HWY_DYNAMIC_DISPATCH(swiglu_gradient)(gate_up, d_out, rows, F, d_gate_up);
}

void swiglu_backward_ref(const float* gate_up, const float* d_out, std::size_t rows, std::size_t F,
                         float* d_gate_up) {
  for (std::size_t t = 0; t < rows; ++t) {
    for (std::size_t f = 0; f < F; ++f) {
      const std::size_t gate_at = t * 2 * F + f, up_at = gate_at + F;
      const double gate = static_cast<double>(gate_up[gate_at]);
      const double up = static_cast<double>(gate_up[up_at]);
      const double gradient = static_cast<double>(d_out[t * F + f]);
      const double sigmoid = 1.0 / (1.0 + std::exp(-gate));
      d_gate_up[gate_at] =
          static_cast<float>(gradient * up * sigmoid * (1.0 + gate * (1.0 - sigmoid)));
      d_gate_up[up_at] = static_cast<float>(gradient * gate * sigmoid);
    }
  }
}

}  // namespace pith
#endif  // HWY_ONCE
