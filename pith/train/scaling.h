#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// How large a model a given compute is best spent on: sizes to choose from, and the loss that each
// is expected to reach. The constants are fitted to trainings that bench/scaling.py repeats;
// docs/training.md has their results.
namespace pith {

// How hard a text is to predict, in bits per byte (text_hardness.h measures it).
struct TextHardness {
  double unigram = 0;  // of the training tokens by their frequencies alone
  double trigram = 0;  // of held-out text under trigrams of at most a million of them
  double counted = 0;  // under n-grams as the training counts them; 0: it counts none
};

struct ModelSize {
  std::int64_t hidden_size, layers, heads, intermediate_size;
};

// Of an architecture, from its smallest on, each about 1.7 times the one before in weights beside
// the embedding. Those with rows for n-grams have few layers: much of what the first of them learn
// is looked up.
std::span<const ModelSize> model_sizes(std::string_view architecture);

// Weights in matrices of the layers and of the output head: those that multiply for every token.
double multiplying_weights(const ModelSize& size, std::int64_t vocab);

// Tokens worth as much as `tokens` fresh ones when only `unique` different ones exist: repeats are
// worth less and less (Muennighoff et al. 2023, equation 5, with their half-life of 15 epochs).
double worth_of_tokens(double tokens, double unique);

// What a training is expected to reach, by the weights N that multiply for every token and the
// fresh tokens D:
//
//   network = H (floor + (scale (1 / (tokens_per_weight N) + 1 / (D + first_tokens)))^exponent)
//   H = unigram^(1 - w) trigram^w,   w = trigram_part + trigram_slope ln(D / 1e6), from 0 to 1.6
//
// in bits per byte: at first a network knows hardly more than frequencies, later what trigrams know
// and more. With counted n-grams the mixture is better than both, by as much as they are alike:
//
//   bits per byte = (network^-likeness + counted^-likeness)^(-1 / likeness)
struct ScalingLaw {
  double floor, scale, exponent;
  double tokens_per_weight;  // where both limit the loss alike
  double first_tokens;       // which teach hardly more than frequencies
  double trigram_part, trigram_slope;
  double likeness;
  double within, mixture_within;  // trainings reached what it says give or take this share
};

// The one fitted to this architecture, or to those like it.
const ScalingLaw& law_for(std::string_view architecture);

double expected_bits_per_byte(const ScalingLaw& law, double weights, double tokens,
                              const TextHardness& hardness);

// Tokens a step for a training on `tokens` tokens: grows with their square root, from 1,024 (less
// where a training would have under 60 steps: it needs steps more than it needs smooth gradients).
// A multiple of T: a power of two of rows.
std::int64_t chosen_batch_tokens(double tokens, std::int64_t T);

// AdamW's beta2 for tokens a step: its memory is a number of tokens (Marek et al. 2025, "Small
// batch size training"), as most rows of an embedding have a gradient once in many steps.
double chosen_beta2(std::int64_t batch_tokens);

// The highest learning rate of Muon's schedule (with its spectral scale), for tokens a step.
double chosen_muon_rate(std::int64_t batch_tokens);

// The highest learning rate of AdamW's schedule, for a hidden size and tokens a step.
double chosen_learning_rate(std::int64_t hidden_size, std::int64_t batch_tokens);

}  // namespace pith
