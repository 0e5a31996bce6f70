#include "pith/tensor/cpu/attention_softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/attention_softmax.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "pith/tensor/cpu/vector_exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

SoftmaxSum exponentials(float* HWY_RESTRICT row, std::size_t n, std::size_t first,
                        std::size_t last) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), end = last + 1;
  std::size_t s = first;
  auto most = hn::Set(d, -std::numeric_limits<float>::infinity());
  for (; s + lanes <= end; s += lanes) most = hn::Max(most, hn::LoadU(d, row + s));
  float maximum = hn::GetLane(hn::MaxOfLanes(d, most));
  for (; s < end; ++s) maximum = std::max(maximum, row[s]);

  const auto shift = hn::Set(d, maximum);
  auto sums = hn::Zero(d);
  for (s = first; s + lanes <= end; s += lanes) {
    const auto value = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    hn::StoreU(value, d, row + s);
    sums = hn::Add(sums, value);
  }
  if (s < end) {
    const auto value = vector_exp(d, hn::Sub(load_first(d, row + s, end - s), shift));
    const auto counted = hn::IfThenElseZero(hn::FirstN(d, end - s), value);
    store_first(counted, d, row + s, end - s);
    sums = hn::Add(sums, counted);
  }
  std::fill_n(row, first, 0.0f);
  std::fill(row + end, row + n, 0.0f);
  return {maximum, hn::GetLane(hn::SumOfLanes(d, sums))};
}

float softmax(float* HWY_RESTRICT row, std::size_t n, std::size_t first, std::size_t last) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), end = last + 1;
  const SoftmaxSum sum = exponentials(row, n, first, last);
  const auto factor = hn::Set(d, 1.0f / sum.sum);
  std::size_t s = first;
  for (; s + lanes <= end; s += lanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, row + s), factor), d, row + s);
  }
  for (; s < end; ++s) row[s] *= 1.0f / sum.sum;
  return sum.maximum + std::log(sum.sum);
}

void d_softmax(float* HWY_RESTRICT row, float* HWY_RESTRICT d_row, std::size_t n, std::size_t first,
               std::size_t last, float log_sum_exp, float scale) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), end = last + 1;
  const auto shift = hn::Set(d, log_sum_exp);
  auto products = hn::Zero(d);
  std::size_t s = first;
  for (; s + lanes <= end; s += lanes) {
    const auto p = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    hn::StoreU(p, d, row + s);
    products = hn::MulAdd(p, hn::LoadU(d, d_row + s), products);
  }
  if (s < end) {
    const auto p = vector_exp(d, hn::Sub(load_first(d, row + s, end - s), shift));
    store_first(p, d, row + s, end - s);
    products = hn::MulAdd(p, load_first(d, d_row + s, end - s), products);  // zeros behind
  }
  const float dot = hn::GetLane(hn::SumOfLanes(d, products));

  std::fill_n(row, first, 0.0f);
  std::fill(row + end, row + n, 0.0f);
  std::fill_n(d_row, first, 0.0f);
  std::fill(d_row + end, d_row + n, 0.0f);
  const auto dots = hn::Set(d, dot), scales = hn::Set(d, scale);
  for (s = first; s + lanes <= end; s += lanes) {
    const auto p = hn::Mul(hn::LoadU(d, row + s), scales);
    hn::StoreU(hn::Mul(p, hn::Sub(hn::LoadU(d, d_row + s), dots)), d, d_row + s);
  }
  for (; s < end; ++s) d_row[s] = row[s] * scale * (d_row[s] - dot);
}

// What of the lanes from `s` on lies in [first, last].
template <class D>
HWY_INLINE auto seen_lanes(D d, std::size_t s, std::size_t first, std::size_t last) {
  const auto place = hn::Iota(d, static_cast<float>(s));  // exact below 2^24
  return hn::And(hn::Ge(place, hn::Set(d, static_cast<float>(first))),
                 hn::Le(place, hn::Set(d, static_cast<float>(last))));
}

// Calls body(s, mask) for every vector that holds any of [first, last], the mask being of it;
// everything else becomes zero.
template <class Body>
HWY_INLINE void seen_vectors(std::size_t n, std::size_t first, std::size_t last, float* row,
                             const Body& body) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), begin = first / lanes * lanes;
  const std::size_t end = last / lanes * lanes + lanes;
  std::size_t s = begin;
  for (; s < end; s += lanes) body(s, seen_lanes(d, s, first, last));
  for (std::size_t i = 0; i < begin; i += lanes) hn::StoreU(hn::Zero(d), d, row + i);
  for (; s < n; s += lanes) hn::StoreU(hn::Zero(d), d, row + s);
}

SoftmaxSum whole_exponentials(float* HWY_RESTRICT row, std::size_t n, std::size_t first,
                              std::size_t last) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d), begin = first / lanes * lanes;
  auto most = hn::Set(d, -std::numeric_limits<float>::infinity());
  const auto least = most;
  for (std::size_t s = begin; s <= last; s += lanes) {
    const auto mask = seen_lanes(d, s, first, last);
    most = hn::Max(most, hn::IfThenElse(mask, hn::LoadU(d, row + s), least));
  }
  const float maximum = hn::GetLane(hn::MaxOfLanes(d, most));
  const auto shift = hn::Set(d, maximum);
  auto sums = hn::Zero(d);
  seen_vectors(n, first, last, row, [&](std::size_t s, auto mask) HWY_ATTR {
    const auto power = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    const auto value = hn::IfThenElseZero(mask, power);
    hn::StoreU(value, d, row + s);
    sums = hn::Add(sums, value);
  });
  return {maximum, hn::GetLane(hn::SumOfLanes(d, sums))};
}

void whole_d_softmax(float* HWY_RESTRICT row, float* HWY_RESTRICT d_row, std::size_t n,
                     std::size_t first, std::size_t last, float log_sum_exp) {
  const hn::ScalableTag<float> d;
  const auto shift = hn::Set(d, log_sum_exp);
  auto products = hn::Zero(d);
  seen_vectors(n, first, last, row, [&](std::size_t s, auto mask) HWY_ATTR {
    const auto power = vector_exp(d, hn::Sub(hn::LoadU(d, row + s), shift));
    const auto p = hn::IfThenElseZero(mask, power);
    const auto d_p = hn::IfThenElseZero(mask, hn::LoadU(d, d_row + s));
    hn::StoreU(p, d, row + s);
    products = hn::MulAdd(p, d_p, products);
  });
  const auto dots = hn::Set(d, hn::GetLane(hn::SumOfLanes(d, products)));
  seen_vectors(n, first, last, d_row, [&](std::size_t s, auto mask) HWY_ATTR {
    const auto d_p = hn::Sub(hn::LoadU(d, d_row + s), dots);
    const auto value = hn::Mul(hn::LoadU(d, row + s), d_p);
    hn::StoreU(hn::IfThenElseZero(mask, value), d, d_row + s);
  });
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(whole_exponentials);
HWY_EXPORT(whole_d_softmax);
HWY_EXPORT(softmax);
HWY_EXPORT(d_softmax);

float attention_softmax(float* row, std::size_t n, std::size_t first, std::size_t last) {
  return HWY_DYNAMIC_DISPATCH(softmax)(row, n, first, last);
}

SoftmaxSum padded_exponentials(float* row, std::size_t n, std::size_t first, std::size_t last) {
  return HWY_DYNAMIC_DISPATCH(whole_exponentials)(row, n, first, last);
}

void padded_d_softmax(float* row, float* d_row, std::size_t n, std::size_t first, std::size_t last,
                      float log_sum_exp) {
  HWY_DYNAMIC_DISPATCH(whole_d_softmax)(row, d_row, n, first, last, log_sum_exp);
}

void attention_d_softmax(float* row, float* d_row, std::size_t n, std::size_t first,
                         std::size_t last, float log_sum_exp, float scale) {
  HWY_DYNAMIC_DISPATCH(d_softmax)(row, d_row, n, first, last, log_sum_exp, scale);
}

SoftmaxSum padded_exponentials_ref(float* row, std::size_t n, std::size_t first, std::size_t last) {
  const float maximum = *std::max_element(row + first, row + last + 1);
  double sum = 0;
  for (std::size_t s = 0; s < n; ++s) {
    const bool seen = s >= first && s <= last;
    const double value = seen ? std::exp(static_cast<double>(row[s] - maximum)) : 0.0;
    row[s] = static_cast<float>(value);
    sum += value;
  }
  return {maximum, static_cast<float>(sum)};
}

float attention_softmax_ref(float* row, std::size_t n, std::size_t first, std::size_t last) {
  const SoftmaxSum sum = padded_exponentials_ref(row, n, first, last);
  for (std::size_t s = 0; s < n; ++s) row[s] /= sum.sum;
  return sum.maximum + std::log(sum.sum);
}

void attention_d_softmax_ref(float* row, float* d_row, std::size_t n, std::size_t first,
                             std::size_t last, float log_sum_exp, float scale) {
  double dot = 0;
  for (std::size_t s = 0; s < n; ++s) {
    const bool seen = s >= first && s <= last;
    row[s] = seen ? std::exp(row[s] - log_sum_exp) : 0.0f;
    if (seen) dot += static_cast<double>(row[s]) * static_cast<double>(d_row[s]);
  }
  for (std::size_t s = 0; s < n; ++s) {
    const bool seen = s >= first && s <= last;
    const double slope = seen ? static_cast<double>(d_row[s]) - dot : 0.0;
    d_row[s] = static_cast<float>(static_cast<double>(scale * row[s]) * slope);
  }
}

}  // namespace pith
#endif  // HWY_ONCE
