#include <algorithm>
#include <cmath>
#include <vector>

#include "pith/tensor/cpu/causal_attention.h"

namespace pith {
namespace {

// Probabilities of query t of head h over the keys begin[t] .. t, and the log of their sum.
std::vector<double> probabilities(const AttentionShape& shape, std::size_t h, std::size_t t,
                                  std::size_t first, const float* qkv, double& log_sum_exp) {
  const std::size_t group = h / (shape.H / shape.G);
  std::vector<double> p(t + 1, 0.0);
  double most = -1e300, sum = 0;
  for (std::size_t s = first; s <= t; ++s) {
    for (std::size_t i = 0; i < shape.D; ++i) {
      p[s] += static_cast<double>(qkv[t * shape.row() + h * shape.D + i]) *
              static_cast<double>(qkv[s * shape.row() + shape.keys_at(group) + i]);
    }
    p[s] /= std::sqrt(static_cast<double>(shape.D));
    most = std::max(most, p[s]);
  }
  for (std::size_t s = first; s <= t; ++s) sum += p[s] = std::exp(p[s] - most);
  for (std::size_t s = first; s <= t; ++s) p[s] /= sum;
  log_sum_exp = most + std::log(sum);
  return p;
}

}  // namespace

void causal_attention_ref(const AttentionShape& shape, std::size_t group, const float* qkv,
                          const int* begin, float* out, float* log_sum_exp) {
  const std::size_t E = shape.E, heads = shape.H / shape.G;
  const std::size_t values_at = shape.values_at(group);
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t t = 0; t < shape.T; ++t) {
      const auto first = static_cast<std::size_t>(begin[t]);
      double log_sum = 0;
      const std::vector<double> p = probabilities(shape, h, t, first, qkv, log_sum);
      log_sum_exp[t * shape.H + h] = static_cast<float>(log_sum);
      for (std::size_t i = 0; i < E; ++i) {
        double sum = 0;
        for (std::size_t s = first; s <= t; ++s) {
          sum += p[s] * static_cast<double>(qkv[s * shape.row() + values_at + i]);
        }
        out[t * shape.H * E + h * E + i] = static_cast<float>(sum);
      }
    }
  }
}

void causal_attention_backward_ref(const AttentionShape& shape, std::size_t group, const float* qkv,
                                   const int* begin, const float* d_out, float* d_qkv) {
  const std::size_t D = shape.D, E = shape.E, row = shape.row(), heads = shape.H / shape.G;
  const std::size_t keys_at = shape.keys_at(group), values_at = shape.values_at(group);
  const double scale = 1.0 / std::sqrt(static_cast<double>(D));
  for (std::size_t t = 0; t < shape.T; ++t) {
    std::fill_n(d_qkv + t * row + group * heads * D, heads * D, 0.0f);
    std::fill_n(d_qkv + t * row + keys_at, D, 0.0f);
    std::fill_n(d_qkv + t * row + values_at, E, 0.0f);
  }
  for (std::size_t h = group * heads; h < (group + 1) * heads; ++h) {
    for (std::size_t t = 0; t < shape.T; ++t) {
      const auto first = static_cast<std::size_t>(begin[t]);
      double log_sum = 0, dot = 0;
      const std::vector<double> p = probabilities(shape, h, t, first, qkv, log_sum);
      std::vector<double> d_p(t + 1, 0.0);
      const float* d_o = d_out + t * shape.H * E + h * E;
      for (std::size_t s = first; s <= t; ++s) {
        for (std::size_t i = 0; i < E; ++i) {
          d_p[s] += static_cast<double>(d_o[i] * qkv[s * row + values_at + i]);
        }
        dot += p[s] * d_p[s];
      }
      for (std::size_t s = first; s <= t; ++s) {
        const double d_score = p[s] * (d_p[s] - dot) * scale;
        for (std::size_t i = 0; i < D; ++i) {
          const std::size_t q_at = t * row + h * D + i, k_at = s * row + keys_at + i;
          d_qkv[q_at] += static_cast<float>(d_score * static_cast<double>(qkv[k_at]));
          d_qkv[k_at] += static_cast<float>(d_score * static_cast<double>(qkv[q_at]));
        }
        for (std::size_t i = 0; i < E; ++i) {
          d_qkv[s * row + values_at + i] += static_cast<float>(p[s] * static_cast<double>(d_o[i]));
        }
      }
    }
  }
}

}  // namespace pith
