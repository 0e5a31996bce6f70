#include "pith/tensor/cpu/rope.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/rope.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// One head; `sign` -1 turns back.
void rope_turn(const float* HWY_RESTRICT cosines, const float* HWY_RESTRICT sines,
               std::size_t heads, std::size_t half, float sign, float* HWY_RESTRICT row) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto signs = hn::Set(d, sign);
  for (std::size_t h = 0; h < heads; ++h) {
    float* HWY_RESTRICT low = row + h * 2 * half;
    float* HWY_RESTRICT high = low + half;
    std::size_t i = 0;
    for (; i + lanes <= half; i += lanes) {
      const auto a = hn::LoadU(d, low + i), b = hn::LoadU(d, high + i);
      const auto cosine = hn::LoadU(d, cosines + i);
      const auto sine = hn::Mul(hn::LoadU(d, sines + i), signs);
      hn::StoreU(hn::NegMulAdd(b, sine, hn::Mul(a, cosine)), d, low + i);
      hn::StoreU(hn::MulAdd(a, sine, hn::Mul(b, cosine)), d, high + i);
    }
    for (; i < half; ++i) {
      const float a = low[i], b = high[i], sine = sines[i] * sign;
      low[i] = a * cosines[i] - b * sine;
      high[i] = b * cosines[i] + a * sine;
    }
  }
}

// Pairs of neighbours.
void rope_turn_pairs(const float* HWY_RESTRICT cosines, const float* HWY_RESTRICT sines,
                     std::size_t heads, std::size_t stride, std::size_t half, float sign,
                     float* HWY_RESTRICT x) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto signs = hn::Set(d, sign);
  for (std::size_t h = 0; h < heads; ++h) {
    float* HWY_RESTRICT head = x + h * stride;
    std::size_t i = 0;
    for (; i + lanes <= half; i += lanes) {
      hn::Vec<decltype(d)> a, b;
      hn::LoadInterleaved2(d, head + 2 * i, a, b);
      const auto cosine = hn::LoadU(d, cosines + i);
      const auto sine = hn::Mul(hn::LoadU(d, sines + i), signs);
      hn::StoreInterleaved2(hn::NegMulAdd(b, sine, hn::Mul(a, cosine)),
                            hn::MulAdd(a, sine, hn::Mul(b, cosine)), d, head + 2 * i);
    }
    for (; i < half; ++i) {
      const float a = head[2 * i], b = head[2 * i + 1], sine = sines[i] * sign;
      head[2 * i] = a * cosines[i] - b * sine;
      head[2 * i + 1] = b * cosines[i] + a * sine;
    }
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(rope_turn);
HWY_EXPORT(rope_turn_pairs);

RopeAngles::RopeAngles(std::size_t positions, std::size_t D, double theta, bool turn_back)
    : half_(D / 2), table_(positions * D) {
  for (std::size_t position = 0; position < positions; ++position) {
    for (std::size_t i = 0; i < half_; ++i) {
      // transformers computes frequencies and angles in floats; so do we, to agree far out too.
      const float exponent = static_cast<float>(2 * i) / static_cast<float>(D);
      const float frequency = 1.0f / std::pow(static_cast<float>(theta), exponent);
      const float angle = static_cast<float>(position) * frequency;
      table_[position * 2 * half_ + i] = std::cos(angle);
      table_[position * 2 * half_ + half_ + i] = turn_back ? -std::sin(angle) : std::sin(angle);
    }
  }
}

void rope(const RopeAngles& angles, const int* positions, std::size_t rows, std::size_t heads,
          std::size_t D, RopeDirection direction, float* x, std::size_t stride) {
  const auto turn = HWY_DYNAMIC_DISPATCH(rope_turn);
  const float sign = direction == RopeDirection::kForward ? 1.0f : -1.0f;
  for (std::size_t t = 0; t < rows; ++t) {
    const auto position = static_cast<std::size_t>(positions[t]);
    turn(angles.cosines(position), angles.sines(position), heads, D / 2, sign, x + t * stride);
  }
}

void rope_ref(const RopeAngles& angles, const int* positions, std::size_t rows, std::size_t heads,
              std::size_t D, RopeDirection direction, float* x, std::size_t stride) {
  for (std::size_t t = 0; t < rows; ++t) {
    const auto position = static_cast<std::size_t>(positions[t]);
    for (std::size_t h = 0; h < heads; ++h) {
      for (std::size_t i = 0; i < D / 2; ++i) {
        float& low = x[t * stride + h * D + i];
        float& high = x[t * stride + h * D + D / 2 + i];
        const float cosine = angles.cosines(position)[i];
        const float turned = angles.sines(position)[i];
        const float sine = direction == RopeDirection::kForward ? turned : -turned;
        const float a = low, b = high;
        low = a * cosine - b * sine;
        high = b * cosine + a * sine;
      }
    }
  }
}

void rope_pairs(const RopeAngles& angles, std::size_t position, std::size_t heads,
                std::size_t stride, std::size_t D, RopeDirection direction, float* x) {
  const float sign = direction == RopeDirection::kForward ? 1.0f : -1.0f;
  HWY_DYNAMIC_DISPATCH(rope_turn_pairs)
  (angles.cosines(position), angles.sines(position), heads, stride, D / 2, sign, x);
}

void rope_pairs_ref(const RopeAngles& angles, std::size_t position, std::size_t heads,
                    std::size_t stride, std::size_t D, RopeDirection direction, float* x) {
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t i = 0; i < D / 2; ++i) {
      float& even = x[h * stride + 2 * i];
      float& odd = x[h * stride + 2 * i + 1];
      const float cosine = angles.cosines(position)[i];
      const float turned = angles.sines(position)[i];
      const float sine = direction == RopeDirection::kForward ? turned : -turned;
      const float a = even, b = odd;
      even = a * cosine - b * sine;
      odd = b * cosine + a * sine;
    }
  }
}

}  // namespace pith
#endif  // HWY_ONCE
