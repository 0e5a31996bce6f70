#include "pith/train/scaling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pith {
namespace {

constexpr std::array kGatedSizes = {
    ModelSize{64, 2, 2, 192},     ModelSize{96, 3, 3, 256},     ModelSize{128, 4, 4, 352},
    ModelSize{160, 5, 5, 448},    ModelSize{192, 6, 6, 512},    ModelSize{256, 6, 4, 704},
    ModelSize{320, 6, 5, 896},    ModelSize{384, 8, 6, 1024},   ModelSize{512, 8, 8, 1408},
    ModelSize{640, 10, 10, 1728}, ModelSize{768, 12, 12, 2048},
};
constexpr std::array kShallowSizes = {
    ModelSize{64, 1, 2, 256},    ModelSize{96, 1, 3, 384},    ModelSize{128, 1, 4, 512},
    ModelSize{128, 2, 4, 512},   ModelSize{192, 2, 6, 768},   ModelSize{256, 2, 8, 1024},
    ModelSize{256, 4, 8, 1024},  ModelSize{384, 4, 6, 1536},  ModelSize{512, 5, 8, 2048},
    ModelSize{640, 6, 10, 2560}, ModelSize{768, 8, 12, 3072},
};

// An architecture's sizes and law; the first are of those that are not named. The numbers of the
// laws are bench/scaling.py's, tokens in tokens.
struct Family {
  std::string_view architecture;
  std::span<const ModelSize> sizes;
  ScalingLaw law;
};
constexpr std::array kFamilies = {
    Family{"llama",
           kGatedSizes,
           {.floor = 0.471,
            .scale = 0.185e6,
            .exponent = 0.35,
            .tokens_per_weight = 50,
            .first_tokens = 0.77e6,
            .trigram_part = 0.80,
            .trigram_slope = 0.04,
            .likeness = 12,
            .within = 0.08,
            .mixture_within = 0.04}},
    Family{"pith",
           kShallowSizes,
           {.floor = 0.455,
            .scale = 0.177e6,
            .exponent = 0.35,
            .tokens_per_weight = 50,
            .first_tokens = 0.77e6,
            .trigram_part = 0.94,
            .trigram_slope = 0.07,
            .likeness = 12,
            .within = 0.08,
            .mixture_within = 0.04}},
};

const Family& family_of(std::string_view architecture) {
  const auto family = std::ranges::find(kFamilies, architecture, &Family::architecture);
  return family == kFamilies.end() ? kFamilies.front() : *family;
}

}  // namespace

std::span<const ModelSize> model_sizes(std::string_view architecture) {
  return family_of(architecture).sizes;
}

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

const ScalingLaw& law_for(std::string_view architecture) { return family_of(architecture).law; }

double expected_bits_per_byte(const ScalingLaw& law, double weights, double tokens,
                              const TextHardness& hardness) {
  constexpr double kMostTrigram = 1.6;  // beyond what was fitted
  const double part =
      std::clamp(law.trigram_part + law.trigram_slope * std::log(std::max(tokens, 1.0) / 1e6), 0.0,
                 kMostTrigram);
  const double text = std::pow(hardness.unigram, 1 - part) * std::pow(hardness.trigram, part);
  const double limit = 1 / (law.tokens_per_weight * weights) + 1 / (tokens + law.first_tokens);
  const double network = text * (law.floor + std::pow(law.scale * limit, law.exponent));
  if (hardness.counted <= 0) return network;
  return std::pow(std::pow(network, -law.likeness) + std::pow(hardness.counted, -law.likeness),
                  -1 / law.likeness);
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
