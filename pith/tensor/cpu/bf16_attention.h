#pragma once

#include <cstddef>

#include "pith/tensor/cpu/causal_attention.h"

// The attention of causal_attention.h with products of bfloat16 factors: queries, keys, values,
// probabilities and the gradients of these are rounded, softmax and sums are in floats.
namespace pith {

// Bytes of scratch for sequences of up to T tokens and heads of D.
std::size_t bf16_attention_scratch(std::size_t T, std::size_t D);

// As causal_attention() and causal_attention_backward(): `out`, `log_sum_exp` and `d_qkv` are
// floats too. The backward takes the log_sum_exp of this forward. Any thread.
void causal_attention_bf16(const AttentionShape& shape, std::size_t group, const float* qkv,
                           const int* begin, float* out, float* log_sum_exp, void* scratch);
void causal_attention_backward_bf16(const AttentionShape& shape, std::size_t group,
                                    const float* qkv, const int* begin, const float* log_sum_exp,
                                    const float* d_out, float* d_qkv, void* scratch);

}  // namespace pith
