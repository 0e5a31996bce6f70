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

// By architecture; the first is of those that are not named. The floor, scale and exponent are
// bench/scaling.py's; D and U are in tokens and bits per byte, scale in tokens.
struct FamilyLaw {
  std::string_view architecture;
  ScalingLaw law;
};
constexpr std::array kLaws = {
    FamilyLaw{"llama",
              {.floor = 0.30,
               .scale = 0.1534e6,
               .exponent = 0.35,
               .tokens_per_weight = 50,
               .first_tokens = 0.40e6,
               .within = 0.12}},
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

const ScalingLaw& law_for(std::string_view architecture) {
  const auto family = std::ranges::find(kLaws, architecture, &FamilyLaw::architecture);
  return family == kLaws.end() ? kLaws.front().law : family->law;
}

double expected_bits_per_byte(const ScalingLaw& law, double weights, double tokens,
                              double unigram_bits_per_byte) {
  const double limit = 1 / (law.tokens_per_weight * weights) + 1 / (tokens + law.first_tokens);
  return unigram_bits_per_byte * (law.floor + std::pow(law.scale * limit, law.exponent));
}

std::int64_t chosen_batch_tokens(double tokens, std::int64_t T) {
  constexpr double kLeast = 1024, kMost = 16384, kLeastSteps = 60;
  const double wanted =
      std::min(std::clamp(512 * std::sqrt(tokens / 0.6e6), kLeast, kMost), tokens / kLeastSteps);
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
