#include "pith/train/scaling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pith {
namespace {

constexpr std::array kSizes = {
    ModelSize{64, 2, 2, 192},     ModelSize{96, 3, 3, 256},     ModelSize{128, 4, 4, 352},
    ModelSize{160, 5, 5, 448},    ModelSize{192, 6, 6, 512},    ModelSize{256, 6, 4, 704},
    ModelSize{320, 6, 5, 896},    ModelSize{384, 8, 6, 1024},   ModelSize{512, 8, 8, 1408},
    ModelSize{640, 10, 10, 1728}, ModelSize{768, 12, 12, 2048},
};

}  // namespace

std::span<const ModelSize> model_sizes() { return kSizes; }

double multiplying_weights(const ModelSize& size, std::int64_t vocab) {
  const auto C = static_cast<double>(size.hidden_size), L = static_cast<double>(size.layers);
  const auto F = static_cast<double>(size.intermediate_size);
  return L * (4 * C * C + 3 * C * F) + C * static_cast<double>(vocab);
}

double worth_of_tokens(double tokens, double unique) {
  if (tokens <= unique || unique <= 0) return tokens;
  constexpr double kHalfLife = 15;
  const double repeats = tokens / unique - 1;
  return unique * (1 + kHalfLife * (1 - std::exp(-repeats / kHalfLife)));
}

double expected_bits_per_byte(double weights, double tokens, double unigram_bits_per_byte) {
  constexpr double kTokensPerWeight = 50;  // where both limit the loss alike
  constexpr double kFirstTokens = 0.40e6;  // which teach hardly more than frequencies
  const double limit = 1e6 / (kTokensPerWeight * weights) + 1e6 / (tokens + kFirstTokens);
  return unigram_bits_per_byte * (0.30 + std::pow(0.1534 * limit, 0.35));
}

std::int64_t chosen_batch_tokens(double tokens, std::int64_t T) {
  const double wanted = std::clamp(512 * std::sqrt(tokens / 0.6e6), 256.0, 16384.0);
  std::int64_t batch_tokens = T;
  while (2.0 * static_cast<double>(batch_tokens) <= wanted) batch_tokens *= 2;
  return batch_tokens;
}

double chosen_beta2(std::int64_t batch_tokens) {
  constexpr double kHalfLife = 35'000;  // tokens
  return std::exp2(-static_cast<double>(batch_tokens) / kHalfLife);
}

double chosen_muon_rate(std::int64_t batch_tokens) {
  return std::clamp(0.006 * std::sqrt(static_cast<double>(batch_tokens) / 512), 0.003, 0.03);
}

double chosen_learning_rate(std::int64_t hidden_size, std::int64_t batch_tokens) {
  const double width = std::sqrt(256.0 / static_cast<double>(hidden_size));
  const double batch = std::pow(static_cast<double>(batch_tokens) / 2048.0, 0.25);
  return std::clamp(4e-3 * width * batch, 1e-4, 8e-3);
}

}  // namespace pith
