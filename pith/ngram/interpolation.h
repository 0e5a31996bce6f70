#pragma once

#include <span>
#include <vector>

#include "pith/ngram/ngram_model.h"

// The mixture of network and counted n-grams:
//
//   p(w) = weight p_network(w) + (1 - weight) p_ngram(w)
//
// with a weight for each length of the longest known context and each eighth of its backoff
// (Jelinek and Mercer 1980, with buckets of how much a context is to be trusted).
namespace pith {

inline constexpr int kBackoffParts = 8;

// (order, kBackoffParts), from 0 to 1.
struct InterpolationWeights {
  std::vector<float> network;

  static InterpolationWeights even(int order);  // a half everywhere
  float of(const NgramModel::Known& known) const { return network[place(known)]; }
  static std::size_t place(const NgramModel::Known& known);
};

// What a model has beside its network.
struct Interpolation {
  NgramModel model;
  InterpolationWeights weights;
};

// Fits the weights to what both say of tokens that neither was made from, by expectation
// maximisation; a bucket with few tokens stays near the weight of all.
class InterpolationFit {
 public:
  explicit InterpolationFit(int order);

  void add(const NgramModel::Known& known, double p_network, double p_ngram);
  InterpolationWeights finish() const;  // even ones when nothing was added

 private:
  struct Pair {
    float network, ngram;
  };
  std::vector<std::vector<Pair>> buckets_;  // (order * kBackoffParts)
};

// Turns the network's logits (V) for what follows `before` into logarithms of the mixture.
// `scratch` is (V).
void interpolate(const Interpolation& interpolation, std::span<const int> before,
                 std::span<float> logits, std::span<float> scratch);

}  // namespace pith
