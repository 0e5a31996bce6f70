#include "pith/tensor/cpu/rms_norm.h"

#include <algorithm>
#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/rms_norm.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;

void rms_norm_forward(const float* HWY_RESTRICT x, const float* HWY_RESTRICT branch,
                      const float* HWY_RESTRICT gain, float epsilon, std::size_t rows,
                      std::size_t C, float* sum, float* HWY_RESTRICT out,
                      float* HWY_RESTRICT inverse_rms) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d), whole = C - C % lanes;
  for (std::size_t t = 0; t < rows; ++t) {
    const float* row = x + t * C;
    auto squares = hn::Zero(d);
    float tail = 0;
    if (branch != nullptr) {
      float* HWY_RESTRICT total = sum + t * C;
      const float* HWY_RESTRICT added = branch + t * C;
      for (std::size_t c = 0; c < whole; c += lanes) {
        const auto value = hn::Add(hn::LoadU(d, row + c), hn::LoadU(d, added + c));
        hn::StoreU(value, d, total + c);
        squares = hn::MulAdd(value, value, squares);
      }
      for (std::size_t c = whole; c < C; ++c) {
        total[c] = row[c] + added[c];
        tail += total[c] * total[c];
      }
      row = total;
    } else {
      for (std::size_t c = 0; c < whole; c += lanes) {
        const auto value = hn::LoadU(d, row + c);
        squares = hn::MulAdd(value, value, squares);
      }
      for (std::size_t c = whole; c < C; ++c) tail += row[c] * row[c];
    }
    const float mean = (hn::GetLane(hn::SumOfLanes(d, squares)) + tail) / static_cast<float>(C);
    const float inverse = 1.0f / std::sqrt(mean + epsilon);
    inverse_rms[t] = inverse;
    const auto scale = hn::Set(d, inverse);
    float* HWY_RESTRICT out_t = out + t * C;
    for (std::size_t c = 0; c < whole; c += lanes) {
      const auto normal = hn::Mul(hn::LoadU(d, row + c), scale);
      hn::StoreU(hn::Mul(normal, hn::LoadU(d, gain + c)), d, out_t + c);
    }
    for (std::size_t c = whole; c < C; ++c) out_t[c] = row[c] * inverse * gain[c];
  }
}

void rms_norm_backward(const float* HWY_RESTRICT sum, const float* HWY_RESTRICT gain,
                       const float* HWY_RESTRICT inverse_rms, const float* HWY_RESTRICT d_out,
                       const float* d_sum, std::size_t rows, std::size_t C, float* d_x,
                       float* HWY_RESTRICT d_gain) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d), whole = C - C % lanes;
  std::fill_n(d_gain, C, 0.0f);
  for (std::size_t t = 0; t < rows; ++t) {
    const float* HWY_RESTRICT row = sum + t * C;
    const float* HWY_RESTRICT d_row = d_out + t * C;
    const float inverse = inverse_rms[t];
    const auto scale = hn::Set(d, inverse);
    auto products = hn::Zero(d);
    float tail = 0;
    for (std::size_t c = 0; c < whole; c += lanes) {
      const auto normal = hn::Mul(hn::LoadU(d, row + c), scale);
      const auto d_normal = hn::Mul(hn::LoadU(d, d_row + c), normal);
      hn::StoreU(hn::Add(hn::LoadU(d, d_gain + c), d_normal), d, d_gain + c);
      products = hn::MulAdd(d_normal, hn::LoadU(d, gain + c), products);
    }
    for (std::size_t c = whole; c < C; ++c) {
      const float d_normal = d_row[c] * (row[c] * inverse);
      d_gain[c] += d_normal;
      tail += d_normal * gain[c];
    }
    const float mean = (hn::GetLane(hn::SumOfLanes(d, products)) + tail) / static_cast<float>(C);
    // d_x = inverse (gain d_out) - row (inverse^2 mean)
    const float pull = inverse * inverse * mean;
    const auto pulls = hn::Set(d, pull);
    const float* residual = d_sum != nullptr ? d_sum + t * C : nullptr;
    float* d_x_t = d_x + t * C;
    for (std::size_t c = 0; c < whole; c += lanes) {
      auto value = hn::Mul(hn::Mul(hn::LoadU(d, d_row + c), hn::LoadU(d, gain + c)), scale);
      value = hn::NegMulAdd(hn::LoadU(d, row + c), pulls, value);
      if (residual != nullptr) value = hn::Add(value, hn::LoadU(d, residual + c));
      hn::StoreU(value, d, d_x_t + c);
    }
    for (std::size_t c = whole; c < C; ++c) {
      const float value = d_row[c] * gain[c] * inverse - row[c] * pull;
      d_x_t[c] = residual != nullptr ? residual[c] + value : value;
    }
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(rms_norm_forward);
HWY_EXPORT(rms_norm_backward);

void add_rms_norm(const float* x, const float* branch, const float* gain, float epsilon,
                  std::size_t rows, std::size_t C, float* sum, float* out, float* inverse_rms) {
  HWY_DYNAMIC_DISPATCH(rms_norm_forward)(x, branch, gain, epsilon, rows, C, sum, out, inverse_rms);
}

void add_rms_norm_ref(const float* x, const float* branch, const float* gain, float epsilon,
                      std::size_t rows, std::size_t C, float* sum, float* out, float* inverse_rms) {
  for (std::size_t t = 0; t < rows; ++t) {
    double squares = 0;
    for (std::size_t c = 0; c < C; ++c) {
      const std::size_t i = t * C + c;
      const float value = branch != nullptr ? x[i] + branch[i] : x[i];
      if (sum != nullptr) sum[i] = value;
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double mean = squares / static_cast<double>(C);
    const double inverse = 1.0 / std::sqrt(mean + static_cast<double>(epsilon));
    inverse_rms[t] = static_cast<float>(inverse);
    for (std::size_t c = 0; c < C; ++c) {
      const std::size_t i = t * C + c;
      const double value = sum != nullptr ? sum[i] : x[i];
      out[i] = static_cast<float>(value * inverse * static_cast<double>(gain[c]));
    }
  }
}

void add_rms_norm_backward(const float* sum, const float* gain, const float* inverse_rms,
                           const float* d_out, const float* d_sum, std::size_t rows, std::size_t C,
                           float* d_x, float* d_gain) {
  HWY_DYNAMIC_DISPATCH(rms_norm_backward)
  (sum, gain, inverse_rms, d_out, d_sum, rows, C, d_x, d_gain);
}

void add_rms_norm_backward_ref(const float* sum, const float* gain, const float* inverse_rms,
                               const float* d_out, const float* d_sum, std::size_t rows,
                               std::size_t C, float* d_x, float* d_gain) {
  std::vector<double> d_gains(C, 0.0);
  for (std::size_t t = 0; t < rows; ++t) {
    const double inverse = static_cast<double>(inverse_rms[t]);
    const auto normal = [&](std::size_t c) {
      return static_cast<double>(sum[t * C + c]) * inverse;
    };
    const auto d_normal = [&](std::size_t c) {
      return static_cast<double>(d_out[t * C + c]) * static_cast<double>(gain[c]);
    };
    double mean = 0;
    for (std::size_t c = 0; c < C; ++c) mean += d_normal(c) * normal(c) / static_cast<double>(C);
    for (std::size_t c = 0; c < C; ++c) {
      const std::size_t i = t * C + c;
      const double residual = d_sum != nullptr ? static_cast<double>(d_sum[i]) : 0.0;
      d_gains[c] += static_cast<double>(d_out[i]) * normal(c);
      d_x[i] = static_cast<float>(residual + inverse * (d_normal(c) - normal(c) * mean));
    }
  }
  for (std::size_t c = 0; c < C; ++c) d_gain[c] = static_cast<float>(d_gains[c]);
}

}  // namespace pith
#endif  // HWY_ONCE
