#pragma once

#include <cstddef>

// Causal grouped-query attention within documents (Vaswani et al. 2017; Ainslie et al. 2023), in
// blocks of queries so that scores stay in cache and are computed anew for the gradient (Dao et
// al. 2022).
namespace pith {

// A row of qkv is H query heads and G key heads of D, and G value heads of E; query head h reads key
// and value head h / (H / G).
struct AttentionShape {
  std::size_t T = 0, H = 0, G = 0, D = 0;
  std::size_t E = D;
  std::size_t row() const { return (H + G) * D + G * E; }
  std::size_t keys_at(std::size_t group) const { return (H + group) * D; }
  std::size_t values_at(std::size_t group) const { return (H + G) * D + group * E; }
};

// One sequence and one key-value head `group` with the query heads that read it:
//   out_t = sum_s p_ts v_s,  p_ts = e^(q_t k_s / sqrt(D) - log_sum_exp_t),  begin_t <= s <= t.
// qkv is (T, row()), begin is (T) and does not fall from t to t + 1; out is (T, H E), log_sum_exp
// is (T, H): only the columns of this group are written. `scratch` holds attention_scratch(T)
// floats. Any thread.
std::size_t attention_scratch(std::size_t T);
void causal_attention(const AttentionShape& shape, std::size_t group, const float* qkv,
                      const int* begin, float* out, float* log_sum_exp, float* scratch);
void causal_attention_ref(const AttentionShape& shape, std::size_t group, const float* qkv,
                          const int* begin, float* out, float* log_sum_exp);

// d_qkv (T, row()) from d_out (T, H E): the columns of this group are written. Any thread.
void causal_attention_backward(const AttentionShape& shape, std::size_t group, const float* qkv,
                               const int* begin, const float* log_sum_exp, const float* d_out,
                               float* d_qkv, float* scratch);
void causal_attention_backward_ref(const AttentionShape& shape, std::size_t group, const float* qkv,
                                   const int* begin, const float* d_out, float* d_qkv);

}  // namespace pith
