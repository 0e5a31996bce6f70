#include "pith/tensor/cpu/attention_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pith/tensor/cpu/unroll.h"

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/attention_kernels.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kPanel = 16;
constexpr std::size_t kLanes = HWY_LANES(float) < kPanel ? HWY_LANES(float) : kPanel;
constexpr std::size_t kVectors = kPanel / kLanes;
using Tag = hn::FixedTag<float, kLanes>;

void rms_norm_row(const float* x, const float* gain, std::size_t channels, float epsilon,
                  float* out) {
  const Tag d;
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 2 * kLanes <= channels; i += 2 * kLanes) {
    const auto a = hn::LoadU(d, x + i), b = hn::LoadU(d, x + i + kLanes);
    sum0 = hn::MulAdd(a, a, sum0);
    sum1 = hn::MulAdd(b, b, sum1);
  }
  float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
  for (; i < channels; ++i) sum += x[i] * x[i];
  const float scale = 1.0f / std::sqrt(sum / static_cast<float>(channels) + epsilon);
  const auto scales = hn::Set(d, scale);
  for (i = 0; i + kLanes <= channels; i += kLanes) {
    hn::StoreU(hn::Mul(hn::Mul(hn::LoadU(d, x + i), scales), hn::LoadU(d, gain + i)), d, out + i);
  }
  for (; i < channels; ++i) out[i] = x[i] * scale * gain[i];
}

HWY_INLINE hn::Vec<Tag> silu_times(hn::Vec<Tag> gate, hn::Vec<Tag> up) {
  const Tag d;
  const auto one = hn::Set(d, 1.0f);
  const auto most = hn::Set(d, 87.0f);  // Exp gives rubbish above its range
  return hn::Mul(hn::Div(gate, hn::Add(one, hn::Exp(d, hn::Min(hn::Neg(gate), most)))), up);
}

void swiglu_row(const float* gate, const float* up, std::size_t n, float* out) {
  const Tag d;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(silu_times(hn::LoadU(d, gate + i), hn::LoadU(d, up + i)), d, out + i);
  }
  if (i < n) {
    alignas(64) float last_gate[kLanes] = {}, last_up[kLanes] = {}, last[kLanes];
    std::copy(gate + i, gate + n, last_gate);
    std::copy(up + i, up + n, last_up);
    hn::Store(silu_times(hn::Load(d, last_gate), hn::Load(d, last_up)), d, last);
    std::copy(last, last + (n - i), out + i);
  }
}

float exp_minus_max(float* values, std::size_t n, float max) {
  const Tag d;
  const auto maxes = hn::Set(d, max);
  auto sums = hn::Zero(d);
  std::size_t i = 0;
  // Exp gives rubbish far below its range; there the result is 0.
  const auto lowest = hn::Set(d, -87.0f);
  const auto exp_of = [&](hn::Vec<Tag> value) HWY_ATTR {
    const auto shifted = hn::Sub(value, maxes);
    return hn::IfThenElseZero(hn::Ge(shifted, lowest), hn::Exp(d, hn::Max(shifted, lowest)));
  };
  for (; i + kLanes <= n; i += kLanes) {
    const auto result = exp_of(hn::LoadU(d, values + i));
    hn::StoreU(result, d, values + i);
    sums = hn::Add(sums, result);
  }
  if (i < n) {
    alignas(64) float last[kLanes];
    std::fill(last, last + kLanes, -std::numeric_limits<float>::infinity());
    std::copy(values + i, values + n, last);
    const auto result = exp_of(hn::Load(d, last));
    hn::Store(result, d, last);
    std::copy(last, last + (n - i), values + i);
    sums = hn::Add(sums, result);
  }
  return hn::GetLane(hn::SumOfLanes(d, sums));
}

float largest(const float* values, std::size_t n) {
  const Tag d;
  auto maxes = hn::Set(d, -std::numeric_limits<float>::infinity());
  auto bad = hn::Zero(d);  // NaN as soon as a value is: 0 * NaN; infinities are masked out
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const auto value = hn::LoadU(d, values + i);
    maxes = hn::Max(maxes, value);
    bad = hn::Add(bad, hn::IfThenElseZero(hn::IsNaN(value), value));
  }
  float max = hn::GetLane(hn::MaxOfLanes(d, maxes));
  float nan = hn::GetLane(hn::SumOfLanes(d, bad));
  for (; i < n; ++i) {
    if (values[i] != values[i]) nan = values[i];
    max = std::max(max, values[i]);
  }
  return nan != nan ? nan : max;
}

void add_weighted_rows(const float* weights, const float* values, std::size_t n,
                       std::size_t head_size, float* out) {
  const Tag d;
  std::size_t i = 0;
  for (; i + 4 * kPanel <= head_size; i += 4 * kPanel) {
    hn::Vec<Tag> sums[4 * kVectors];
    PITH_UNROLL
    for (std::size_t v = 0; v < 4 * kVectors; ++v) sums[v] = hn::LoadU(d, out + i + v * kLanes);
    for (std::size_t t = 0; t < n; ++t) {
      const auto weight = hn::Set(d, weights[t]);
      const float* row = values + t * head_size + i;
      PITH_UNROLL
      for (std::size_t v = 0; v < 4 * kVectors; ++v) {
        sums[v] = hn::MulAdd(hn::LoadU(d, row + v * kLanes), weight, sums[v]);
      }
    }
    PITH_UNROLL
    for (std::size_t v = 0; v < 4 * kVectors; ++v) hn::StoreU(sums[v], d, out + i + v * kLanes);
  }
  for (; i < head_size; i += kLanes) {
    auto sum = hn::LoadU(d, out + i);
    for (std::size_t t = 0; t < n; ++t) {
      sum = hn::MulAdd(hn::LoadU(d, values + t * head_size + i), hn::Set(d, weights[t]), sum);
    }
    hn::StoreU(sum, d, out + i);
  }
}

template <std::size_t P>
HWY_INLINE void score(const float* query, const float* keys, std::size_t head_size, float* scores) {
  const Tag d;
  hn::Vec<Tag> sums[P * kVectors];
  PITH_UNROLL
  for (std::size_t v = 0; v < P * kVectors; ++v) sums[v] = hn::Zero(d);
  for (std::size_t k = 0; k < head_size; ++k) {
    const auto q = hn::Set(d, query[k]);
    PITH_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
      PITH_UNROLL
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[p * kVectors + v] =
            hn::MulAdd(hn::LoadU(d, keys + (p * head_size + k) * kPanel + v * kLanes), q,
                       sums[p * kVectors + v]);
      }
    }
  }
  PITH_UNROLL
  for (std::size_t v = 0; v < P * kVectors; ++v) hn::StoreU(sums[v], d, scores + v * kLanes);
}

void score_panels(const float* query, const float* keys, std::size_t panels, std::size_t head_size,
                  float* scores) {
  std::size_t p = 0;
  for (; p + 4 <= panels; p += 4) {
    score<4>(query, keys + p * kPanel * head_size, head_size, scores + p * kPanel);
  }
  for (; p < panels; ++p) {
    score<1>(query, keys + p * kPanel * head_size, head_size, scores + p * kPanel);
  }
}

void add_weighted_panels(const float* weights, const float* keys, std::size_t panels,
                         std::size_t head_size, std::size_t n, float* out) {
  const Tag d;
  for (std::size_t k = 0; k < n; ++k) {
    auto sum = hn::Zero(d);
    for (std::size_t p = 0; p < panels; ++p) {
      PITH_UNROLL
      for (std::size_t i = 0; i < kPanel; i += kLanes) {
        sum = hn::MulAdd(hn::LoadU(d, weights + p * kPanel + i),
                         hn::LoadU(d, keys + (p * head_size + k) * kPanel + i), sum);
      }
    }
    out[k] += hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(add_weighted_panels);
HWY_EXPORT(rms_norm_row);
HWY_EXPORT(swiglu_row);
HWY_EXPORT(exp_minus_max);
HWY_EXPORT(largest);
HWY_EXPORT(add_weighted_rows);
HWY_EXPORT(score_panels);

void rms_norm_row(const float* x, const float* gain, std::size_t channels, float epsilon,
                  float* out) {
  HWY_DYNAMIC_DISPATCH(rms_norm_row)(x, gain, channels, epsilon, out);
}

void rms_norm_row_ref(const float* x, const float* gain, std::size_t channels, float epsilon,
                      float* out) {
  double sum = 0;
  for (std::size_t i = 0; i < channels; ++i) sum += double{x[i]} * double{x[i]};
  const double scale = 1.0 / std::sqrt(sum / static_cast<double>(channels) + double{epsilon});
  for (std::size_t i = 0; i < channels; ++i) {
    out[i] = static_cast<float>(double{x[i]} * scale * double{gain[i]});
  }
}

void swiglu_row(const float* gate, const float* up, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(swiglu_row)(gate, up, n, out);
}

void swiglu_row_ref(const float* gate, const float* up, std::size_t n, float* out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double z = double{gate[i]};
    out[i] = static_cast<float>(z / (1.0 + std::exp(-z)) * double{up[i]});
  }
}

float exp_minus_max(float* values, std::size_t n, float max) {
  return HWY_DYNAMIC_DISPATCH(exp_minus_max)(values, n, max);
}

float exp_minus_max_ref(float* values, std::size_t n, float max) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double result = std::exp(double{values[i]} - double{max});
    values[i] = static_cast<float>(result);
    sum += result;
  }
  return static_cast<float>(sum);
}

float largest(const float* values, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(largest)(values, n);
}

void add_weighted_rows(const float* weights, const float* values, std::size_t n,
                       std::size_t head_size, float* out) {
  HWY_DYNAMIC_DISPATCH(add_weighted_rows)(weights, values, n, head_size, out);
}

void add_weighted_rows_ref(const float* weights, const float* values, std::size_t n,
                           std::size_t head_size, float* out) {
  for (std::size_t i = 0; i < head_size; ++i) {
    double sum = double{out[i]};
    for (std::size_t t = 0; t < n; ++t) {
      sum += double{weights[t]} * double{values[t * head_size + i]};
    }
    out[i] = static_cast<float>(sum);
  }
}

void score_panels(const float* query, const float* keys, std::size_t panels, std::size_t head_size,
                  float* scores) {
  HWY_DYNAMIC_DISPATCH(score_panels)(query, keys, panels, head_size, scores);
}

void score_panels_ref(const float* query, const float* keys, std::size_t panels,
                      std::size_t head_size, float* scores) {
  for (std::size_t j = 0; j < panels * 16; ++j) {
    double sum = 0;
    for (std::size_t k = 0; k < head_size; ++k) {
      sum += double{query[k]} * double{keys[(j / 16 * head_size + k) * 16 + j % 16]};
    }
    scores[j] = static_cast<float>(sum);
  }
}

void add_weighted_panels(const float* weights, const float* keys, std::size_t panels,
                         std::size_t head_size, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(add_weighted_panels)(weights, keys, panels, head_size, n, out);
}

void add_weighted_panels_ref(const float* weights, const float* keys, std::size_t panels,
                             std::size_t head_size, std::size_t n, float* out) {
  for (std::size_t k = 0; k < n; ++k) {
    double sum = double{out[k]};
    for (std::size_t t = 0; t < panels * 16; ++t) {
      sum += double{weights[t]} * double{keys[(t / 16 * head_size + k) * 16 + t % 16]};
    }
    out[k] = static_cast<float>(sum);
  }
}

}  // namespace pith
#endif  // HWY_ONCE
