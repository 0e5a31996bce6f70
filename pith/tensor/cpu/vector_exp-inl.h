// exp and sigmoid of vectors of floats, and loads and stores of their last few, inside
// HWY_NAMESPACE; included once per target.
#if defined(PITH_TENSOR_CPU_VECTOR_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PITH_TENSOR_CPU_VECTOR_EXP_INL_H_
#undef PITH_TENSOR_CPU_VECTOR_EXP_INL_H_
#else
#define PITH_TENSOR_CPU_VECTOR_EXP_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {

// The first n < Lanes(d) floats at p, and zeros; touches nothing behind them.
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V load_first(D d, const float* p, std::size_t n) {
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)] = {};
  std::memcpy(lanes, p, n * sizeof(float));
  return hwy::HWY_NAMESPACE::Load(d, lanes);
}

template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE void store_first(V value, D d, float* p, std::size_t n) {
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)];
  hwy::HWY_NAMESPACE::Store(value, d, lanes);
  std::memcpy(p, lanes, n * sizeof(float));
}

// e^x within 2 units in the last place for x in [-87, 88]; 0 below, clamped above. NaN gives NaN:
// x is the second operand of Min and Max, which is what x86 returns when one is NaN (Arm returns
// NaN anyhow). x = n ln 2 + r, |r| <= ln 2 / 2; the polynomial in r is that of the Cephes library.
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V vector_exp(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToSigned<D> di;
  const V least = hn::Set(d, -87.0f);
  const V clamped = hn::Min(hn::Set(d, 88.0f), hn::Max(least, x));
  const V n = hn::Round(hn::Mul(clamped, hn::Set(d, 1.44269504f)));
  V r = hn::NegMulAdd(n, hn::Set(d, 0.693359375f), clamped);
  r = hn::NegMulAdd(n, hn::Set(d, -2.12194440e-4f), r);
  V p = hn::Set(d, 1.9875691500e-4f);
  p = hn::MulAdd(p, r, hn::Set(d, 1.3981999507e-3f));
  p = hn::MulAdd(p, r, hn::Set(d, 8.3334519073e-3f));
  p = hn::MulAdd(p, r, hn::Set(d, 4.1665795894e-2f));
  p = hn::MulAdd(p, r, hn::Set(d, 1.6666665459e-1f));
  p = hn::MulAdd(p, r, hn::Set(d, 5.0000001201e-1f));
  p = hn::MulAdd(hn::Mul(p, r), r, hn::Add(r, hn::Set(d, 1.0f)));
  const auto exponent = hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127));
  const V scaled = hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(exponent)));
  return hn::IfThenZeroElse(hn::Lt(x, least), scaled);
}

// 1 / (1 + e^-x)
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V vector_sigmoid(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const V one = hn::Set(d, 1.0f);
  return hn::Div(one, hn::Add(one, vector_exp(d, hn::Neg(x))));
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
