#pragma once

#include <cstdint>
#include <span>
#include <vector>

// How large a model a given compute is best spent on: sizes to choose from, and the loss that each
// is expected to reach. The constants are fitted to trainings that bench/scaling.py repeats;
// docs/training.md has their results.
namespace pith {

struct ModelSize {
  std::int64_t hidden_size, layers, heads, intermediate_size;
};

// From 0.1 to 60 million parameters beside the embedding, each about 1.7 times the one before.
std::span<const ModelSize> model_sizes();

// Weights in matrices of the layers and of the output head: those that multiply for every token.
double multiplying_weights(const ModelSize& size, std::int64_t vocab);

// Tokens worth as much as `tokens` fresh ones when only `unique` different ones exist: repeats are
// worth less and less (Muennighoff et al. 2023, equation 5, with their half-life of 15 epochs).
double worth_of_tokens(double tokens, double unique);

// Held-out bits per byte to expect after training a model of `weights` multiplying weights on
// `tokens` fresh tokens. How hard the text is comes in as a factor: bits per byte of its tokens by
// their frequencies alone (TokensInfo). What was reached on 0.3 to 8.6 million tokens of four
// corpora lies within kExpectedWithin of it, as a share, up and down.
double expected_bits_per_byte(double weights, double tokens, double unigram_bits_per_byte);
inline constexpr double kExpectedWithin = 0.12;

// Tokens a step for a training on `tokens` tokens: grows with their square root, as a short
// training needs steps more than it needs smooth gradients. A multiple of T: a power of two of
// rows.
std::int64_t chosen_batch_tokens(double tokens, std::int64_t T);

// AdamW's beta2 for tokens a step: its memory is a number of tokens (Marek et al. 2025, "Small
// batch size training"), as most rows of an embedding have a gradient once in many steps.
double chosen_beta2(std::int64_t batch_tokens);

// The highest learning rate of Muon's schedule (with its spectral scale), for tokens a step.
double chosen_muon_rate(std::int64_t batch_tokens);

// The highest learning rate of AdamW's schedule, for a hidden size and tokens a step.
double chosen_learning_rate(std::int64_t hidden_size, std::int64_t batch_tokens);

}  // namespace pith
