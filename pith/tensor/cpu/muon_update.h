#pragma once

#include <cstddef>

// The elementwise parts of a Muon step (pith/nn/muon.h). Any thread.
namespace pith {

// momentum += (1 - beta) (g - momentum) for g = gradient_scale gradient, and Nesterov's look ahead
// into `update`: update = g + beta (momentum - g). Returns the sum of the squares of `update`.
double muon_momentum(float gradient_scale, float beta, const float* gradient, std::size_t n,
                     float* momentum, float* update);
double muon_momentum_ref(float gradient_scale, float beta, const float* gradient, std::size_t n,
                         float* momentum, float* update);

// sums[i] += values[i]^2.
void add_squares(const float* values, std::size_t n, float* sums);
void add_squares_ref(const float* values, std::size_t n, float* sums);

struct MuonStepSize {
  float step = 0;         // times the update
  float decay = 0;        // learning rate * weight decay
  bool cautious = false;  // decay only where the update makes the value smaller as well
};
// One row: with u = update[i] scales[i] (scales null: update[i]),
//   value -= step u + decay value           where cautious, without the decay if u value <= 0
void muon_apply(const MuonStepSize& size, const float* update, const float* scales, std::size_t n,
                float* value);
void muon_apply_ref(const MuonStepSize& size, const float* update, const float* scales,
                    std::size_t n, float* value);

}  // namespace pith
