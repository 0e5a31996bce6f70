#include "pith/tensor/cpu/expert_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pith {
namespace {

constexpr float kNone = -std::numeric_limits<float>::infinity();

// Whether the group is among the kept ones: fewer than kept_groups are better, or as good and
// before it.
bool is_kept(const ExpertChoice& choice, const float* scores, const float* bias,
             std::size_t group) {
  const std::size_t size = choice.experts / choice.groups;
  const auto goodness = [&](std::size_t g) {
    float best = kNone, second = kNone;
    for (std::size_t e = g * size; e < (g + 1) * size; ++e) {
      const float value = scores[e] + bias[e];
      second = std::max(second, std::min(best, value));
      best = std::max(best, value);
    }
    return best + second;
  };
  const float own = goodness(group);
  std::size_t before = 0;
  for (std::size_t g = 0; g < choice.groups; ++g) {
    const float other = goodness(g);
    if (other > own || (other == own && g < group)) ++before;
  }
  return before < choice.kept_groups;
}

}  // namespace

void choose_experts(const ExpertChoice& choice, const float* logits, const float* bias,
                    float* scores, int* chosen, float* weights) {
  for (std::size_t e = 0; e < choice.experts; ++e) scores[e] = 1.0f / (1.0f + std::exp(-logits[e]));
  // The best so far, best first; an expert moves up past those that are worse.
  std::size_t found = 0;
  const std::size_t size = choice.experts / choice.groups;
  for (std::size_t group = 0; group < choice.groups; ++group) {
    if (choice.kept_groups < choice.groups && !is_kept(choice, scores, bias, group)) continue;
    for (std::size_t e = group * size; e < (group + 1) * size; ++e) {
      const float value = scores[e] + bias[e];
      const auto value_of = [&](std::size_t j) {
        const auto other = static_cast<std::size_t>(chosen[j]);
        return scores[other] + bias[other];
      };
      if (found == choice.chosen && !(value > value_of(found - 1))) continue;
      std::size_t j = found < choice.chosen ? found++ : found - 1;
      for (; j > 0 && value > value_of(j - 1); --j) chosen[j] = chosen[j - 1];
      chosen[j] = static_cast<int>(e);
    }
  }
  std::sort(chosen, chosen + found);
  float sum = 1e-20f;
  for (std::size_t j = 0; j < found; ++j) sum += scores[static_cast<std::size_t>(chosen[j])];
  const float factor = choice.normalise ? choice.scale / sum : choice.scale;
  for (std::size_t j = 0; j < found; ++j) {
    weights[j] = factor * scores[static_cast<std::size_t>(chosen[j])];
  }
}

void choose_experts_backward(const ExpertChoice& choice, const float* scores, const int* chosen,
                             const float* d_weights, const float* balance, float* d_logits) {
  std::fill_n(d_logits, choice.experts, 0.0f);
  float sum = 1e-20f, mean = 0;
  for (std::size_t j = 0; j < choice.chosen; ++j) {
    const float score = scores[static_cast<std::size_t>(chosen[j])];
    sum += score;
    mean += d_weights[j] * score;
  }
  mean /= sum;
  for (std::size_t j = 0; j < choice.chosen; ++j) {
    d_logits[static_cast<std::size_t>(chosen[j])] =
        choice.normalise ? choice.scale / sum * (d_weights[j] - mean) : choice.scale * d_weights[j];
  }
  if (balance != nullptr) {
    float all = 1e-20f, mean_balance = 0;
    for (std::size_t e = 0; e < choice.experts; ++e) {
      all += scores[e];
      mean_balance += balance[e] * scores[e];
    }
    mean_balance /= all;
    for (std::size_t e = 0; e < choice.experts; ++e) {
      d_logits[e] += (balance[e] - mean_balance) / all;
    }
  }
  for (std::size_t e = 0; e < choice.experts; ++e) d_logits[e] *= scores[e] * (1 - scores[e]);
}

}  // namespace pith
