#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pith/base/random.h"
#include "pith/base/result.h"

// Chooses the next token from logits.
//
// The steps, in the order that transformers takes: the repetition penalty, temperature, top_k,
// top_p, min_p; each works on what the ones before it left, renormalised. Tokens with equal logits
// rank by id, the lower first.
namespace pith {

struct SamplerOptions {
  double temperature = 0.8;  // 0: always the most likely token; no randomness
  int top_k = 0;             // keep the k most likely; 0: all
  double top_p = 0.95;       // keep the fewest likely tokens whose probabilities reach p; 1: all
  double min_p = 0;          // keep what is at least so likely, relative to the most likely; 0: all
  // Logits of tokens seen before are divided by it when positive, else multiplied (Keskar et al.
  // 2019); 1: nothing.
  double repetition_penalty = 1;
  std::uint64_t seed = 0;
};

struct Candidate {
  int id = 0;
  double probability = 0;
};

// One thread at a time; the sequence of draws follows from the seed alone.
class Sampler {
 public:
  // kInput for options that are not finite or out of range.
  static Result<Sampler> create(const SamplerOptions& options);

  // Tokens that are never chosen: their logits count as -infinity.
  void ban(std::vector<int> ids) { banned_ = std::move(ids); }

  // The next token. `logits` is (V); `seen` are the ids so far, for the repetition penalty. Errors:
  // kFormat when a logit is NaN or +infinity, or every one is -infinity: the weights are damaged.
  Result<int> sample(std::span<const float> logits, std::span<const int> seen);

  // What sample() draws from: the tokens kept, most likely first, with probabilities that sum to
  // 1. With temperature 0, one token.
  Result<std::vector<Candidate>> distribution(std::span<const float> logits,
                                              std::span<const int> seen);
  Result<std::vector<Candidate>> distribution_ref(std::span<const float> logits,
                                                  std::span<const int> seen) const;

 private:
  explicit Sampler(const SamplerOptions& options)
      : options_(options), random_(options.seed, "sampler") {}
  Result<float> prepare(std::span<const float> logits, std::span<const int> seen);
  int most_likely(float max) const;
  void keep(std::size_t count);
  void choose_candidates(float max);

  const SamplerOptions options_;
  Random random_;
  std::vector<int> banned_;
  // Of the current token; kept to be used again.
  std::vector<float> logits_;   // (V), with penalty and bans
  std::vector<float> weights_;  // (V), exp((logit - max) / temperature)
  std::vector<int> order_;      // ids; the first kept_ are candidates
  std::vector<double> kept_weights_;
};

}  // namespace pith
