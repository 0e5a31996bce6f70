#include "pith/tensor/cpu/weighted_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/weighted_rows.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void rows_summed(const float* const* rows, std::size_t count, std::size_t C, float* out) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t c = 0;
  for (; c + 4 * lanes <= C; c += 4 * lanes) {
    auto s0 = hn::LoadU(d, rows[0] + c), s1 = hn::LoadU(d, rows[0] + c + lanes);
    auto s2 = hn::LoadU(d, rows[0] + c + 2 * lanes), s3 = hn::LoadU(d, rows[0] + c + 3 * lanes);
    for (std::size_t j = 1; j < count; ++j) {
      const float* row = rows[j] + c;
      s0 = hn::Add(s0, hn::LoadU(d, row));
      s1 = hn::Add(s1, hn::LoadU(d, row + lanes));
      s2 = hn::Add(s2, hn::LoadU(d, row + 2 * lanes));
      s3 = hn::Add(s3, hn::LoadU(d, row + 3 * lanes));
    }
    hn::StoreU(s0, d, out + c);
    hn::StoreU(s1, d, out + c + lanes);
    hn::StoreU(s2, d, out + c + 2 * lanes);
    hn::StoreU(s3, d, out + c + 3 * lanes);
  }
  for (; c + lanes <= C; c += lanes) {
    auto sum = hn::LoadU(d, rows[0] + c);
    for (std::size_t j = 1; j < count; ++j) sum = hn::Add(sum, hn::LoadU(d, rows[j] + c));
    hn::StoreU(sum, d, out + c);
  }
  for (; c < C; ++c) {
    float sum = rows[0][c];
    for (std::size_t j = 1; j < count; ++j) sum += rows[j][c];
    out[c] = sum;
  }
}

void row_weighted(float weight, std::size_t n, float* HWY_RESTRICT x) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto weights = hn::Set(d, weight);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, x + i), weights), d, x + i);
  for (; i < n; ++i) x[i] *= weight;
}

float row_weighted_backward(float weight, const float* HWY_RESTRICT x, std::size_t n,
                            float* HWY_RESTRICT gradient) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto weights = hn::Set(d, weight);
  auto sums = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto values = hn::LoadU(d, gradient + i);
    sums = hn::MulAdd(hn::LoadU(d, x + i), values, sums);
    hn::StoreU(hn::Mul(values, weights), d, gradient + i);
  }
  float sum = hn::GetLane(hn::SumOfLanes(d, sums));
  for (; i < n; ++i) {
    sum += x[i] * gradient[i];
    gradient[i] *= weight;
  }
  return sum;
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(rows_summed);
HWY_EXPORT(row_weighted);
HWY_EXPORT(row_weighted_backward);

void sum_rows(const float* const* rows, std::size_t count, std::size_t C, float* out) {
  HWY_DYNAMIC_DISPATCH(rows_summed)(rows, count, C, out);
}

void sum_rows_ref(const float* const* rows, std::size_t count, std::size_t C, float* out) {
  for (std::size_t c = 0; c < C; ++c) {
    float sum = rows[0][c];
    for (std::size_t j = 1; j < count; ++j) sum += rows[j][c];
    out[c] = sum;
  }
}

void weight_row(float weight, std::size_t n, float* x) {
  HWY_DYNAMIC_DISPATCH(row_weighted)(weight, n, x);
}

void weight_row_ref(float weight, std::size_t n, float* x) {
  for (std::size_t i = 0; i < n; ++i) x[i] *= weight;
}

float weight_row_backward(float weight, const float* x, std::size_t n, float* gradient) {
  return HWY_DYNAMIC_DISPATCH(row_weighted_backward)(weight, x, n, gradient);
}

float weight_row_backward_ref(float weight, const float* x, std::size_t n, float* gradient) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += static_cast<double>(x[i]) * static_cast<double>(gradient[i]);
    gradient[i] *= weight;
  }
  return static_cast<float>(sum);
}

}  // namespace pith
#endif  // HWY_ONCE
