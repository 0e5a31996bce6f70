#include "pith/ngram/interpolation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pith {
namespace {

constexpr double kLeast = 0.01;   // of either side, so that no token costs without bound
constexpr int kRounds = 30;       // of expectation maximisation
constexpr double kBelieved = 20;  // tokens that the weight of all counts as in a bucket

}  // namespace

InterpolationWeights InterpolationWeights::even(int order) {
  return {std::vector<float>(static_cast<std::size_t>(order) * kBackoffParts, 0.5F)};
}

std::size_t InterpolationWeights::place(const NgramModel::Known& known) {
  const int part = std::min(static_cast<int>(known.backoff * kBackoffParts), kBackoffParts - 1);
  return static_cast<std::size_t>((known.length - 1) * kBackoffParts + part);
}

InterpolationFit::InterpolationFit(int order)
    : buckets_(static_cast<std::size_t>(order) * kBackoffParts) {}

void InterpolationFit::add(const NgramModel::Known& known, double p_network, double p_ngram) {
  buckets_[InterpolationWeights::place(known)].push_back(
      {static_cast<float>(p_network), static_cast<float>(p_ngram)});
}

InterpolationWeights InterpolationFit::finish() const {
  InterpolationWeights weights{std::vector<float>(buckets_.size(), 0.5F)};
  std::vector<double> of_network(buckets_.size());  // tokens that came from it
  double all = 0.5;
  for (int round = 0; round < kRounds; ++round) {
    double network = 0, tokens = 0;
    for (std::size_t b = 0; b < buckets_.size(); ++b) {
      const double weight = weights.network[b];
      double sum = 0;
      for (const Pair& pair : buckets_[b]) {
        const double part = weight * pair.network;
        const double whole = part + (1 - weight) * pair.ngram;
        sum += whole > 0 ? part / whole : weight;
      }
      of_network[b] = sum;
      network += sum;
      tokens += static_cast<double>(buckets_[b].size());
    }
    if (tokens == 0) break;
    all = network / tokens;
    for (std::size_t b = 0; b < buckets_.size(); ++b) {
      const double weight =
          (of_network[b] + kBelieved * all) / (static_cast<double>(buckets_[b].size()) + kBelieved);
      weights.network[b] = static_cast<float>(std::clamp(weight, kLeast, 1 - kLeast));
    }
  }
  return weights;
}

void interpolate(const Interpolation& interpolation, std::span<const int> before,
                 std::span<float> logits, std::span<float> scratch) {
  const NgramModel::Known known = interpolation.model.distribution(before, scratch);
  const float weight = interpolation.weights.of(known);
  const float highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (float& logit : logits) {
    logit = std::exp(logit - highest);
    sum += logit;
  }
  const auto scale = static_cast<float>(weight / sum);
  for (std::size_t v = 0; v < logits.size(); ++v) {
    const float p = scale * logits[v] + (1 - weight) * scratch[v];
    logits[v] = std::log(std::max(p, 1e-30F));
  }
}

}  // namespace pith
