#pragma once

#include <cstddef>

// Which experts a token goes to, by sigmoid scores and a bias that balances them (DeepSeek-AI 2024,
// DeepSeek-V3, section 2.1.2).
namespace pith {

struct ExpertChoice {
  std::size_t experts = 0;  // E
  std::size_t chosen = 0;   // k
  // Experts in `groups` of equal size; only those of the best `kept_groups` come into question, a
  // group being as good as its two best experts together.
  std::size_t groups = 1, kept_groups = 1;
  bool normalise = true;  // weights of a token sum to scale
  float scale = 1;
};

// One token: scores_e = sigmoid(logits_e), both (E); the k largest scores_e + bias_e are chosen (of
// equal ones the first), in ascending order of e. Their weights (k) come from the scores alone:
// w_j = scale s_j / (sum of the chosen s + 1e-20), or scale s_j. Allocates nothing. Any thread.
void choose_experts(const ExpertChoice& choice, const float* logits, const float* bias,
                    float* scores, int* chosen, float* weights);

// d_logits (E) from d_weights (k). `balance` (E), or null, is a gradient with respect to the shares
// s_e / (sum of all s), as the sequence-wise balance loss has it. Any thread.
void choose_experts_backward(const ExpertChoice& choice, const float* scores, const int* chosen,
                             const float* d_weights, const float* balance, float* d_logits);

}  // namespace pith
