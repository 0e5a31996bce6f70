#pragma once

#include <cstddef>

// Softmax and cross-entropy over a vocabulary, forward and backward in one visit.
namespace pith {

// logits is (rows, V), targets (rows) in [0, V) or -1. loss_t = log sum_v e^logit_tv -
// logit_t,target in nats, 0 where the target is -1. With `d_scale` not null, logits become their
// own gradients: d_scale (softmax - one_hot(target)), zeros where the target is -1. Any thread.
void softmax_cross_entropy(float* logits, const int* targets, std::size_t rows, std::size_t V,
                           const float* d_scale, float* loss);
void softmax_cross_entropy_ref(float* logits, const int* targets, std::size_t rows, std::size_t V,
                               const float* d_scale, float* loss);

}  // namespace pith
