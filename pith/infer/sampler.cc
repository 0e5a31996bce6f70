#include "pith/infer/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "pith/tensor/cpu/attention_kernels.h"

namespace pith {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

Error out_of_range(const char* name, double value, const char* range) {
  return input_error(std::string("[sampler] ") + name + " must be " + range + ", not " +
                     std::to_string(value));
}

bool within(double value, double low, double high) {
  return std::isfinite(value) && value >= low && value <= high;
}

void penalise(std::vector<float>& logits, std::span<const int> seen, double penalty) {
  if (penalty == 1) return;
  std::vector<int> distinct(seen.begin(), seen.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const int id : distinct) {
    if (id < 0 || static_cast<std::size_t>(id) >= logits.size()) continue;
    float& logit = logits[static_cast<std::size_t>(id)];
    logit = static_cast<float>(logit > 0 ? logit / penalty : logit * penalty);
  }
}

void forbid(std::vector<float>& logits, std::span<const int> banned) {
  for (const int id : banned) {
    if (id >= 0 && static_cast<std::size_t>(id) < logits.size()) {
      logits[static_cast<std::size_t>(id)] = kMinusInfinity;
    }
  }
}

}  // namespace

Result<Sampler> Sampler::create(const SamplerOptions& options) {
  if (!within(options.temperature, 0, 100)) {
    return out_of_range("temperature", options.temperature, "from 0 to 100");
  }
  if (options.top_k < 0) {
    return out_of_range("top_k", options.top_k, "0 (all) or a number of tokens");
  }
  if (!within(options.top_p, 0, 1) || options.top_p == 0) {
    return out_of_range("top_p", options.top_p, "above 0 and at most 1");
  }
  if (!within(options.min_p, 0, 1)) return out_of_range("min_p", options.min_p, "from 0 to 1");
  if (!within(options.repetition_penalty, 1e-3, 1e3)) {
    return out_of_range("repetition penalty", options.repetition_penalty, "from 0.001 to 1000");
  }
  return Sampler(options);
}

// Fills logits_; the largest of them.
Result<float> Sampler::prepare(std::span<const float> logits, std::span<const int> seen) {
  logits_.assign(logits.begin(), logits.end());
  penalise(logits_, seen, options_.repetition_penalty);
  forbid(logits_, banned_);
  const float max = largest(logits_.data(), logits_.size());
  if (!std::isfinite(max)) {
    return format_error(
        "[sampler] the model's logits are not finite; its weights are damaged or training "
        "diverged");
  }
  return max;
}

int Sampler::most_likely(float max) const {
  return static_cast<int>(std::find(logits_.begin(), logits_.end(), max) - logits_.begin());
}

// The `count` most likely of order_ come first, in order.
void Sampler::keep(std::size_t count) {
  const auto before = [&](int a, int b) {
    const float logit_a = logits_[static_cast<std::size_t>(a)];
    const float logit_b = logits_[static_cast<std::size_t>(b)];
    return logit_a != logit_b ? logit_a > logit_b : a < b;
  };
  const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(count);
  if (count < order_.size()) std::nth_element(order_.begin(), middle, order_.end(), before);
  std::sort(order_.begin(), middle, before);
}

// Leaves in order_ the candidates, and in kept_weights_ what they weigh.
void Sampler::choose_candidates(float max) {
  const std::size_t vocab = logits_.size();
  order_.resize(vocab);
  std::iota(order_.begin(), order_.end(), 0);
  std::size_t count = vocab;
  if (options_.top_k > 0) count = std::min(vocab, static_cast<std::size_t>(options_.top_k));

  weights_.resize(vocab);
  const float inverse = static_cast<float>(1 / options_.temperature);
  for (std::size_t i = 0; i < vocab; ++i) weights_[i] = (logits_[i] - max) * inverse;
  exp_minus_max(weights_.data(), vocab, 0);
  const auto weight = [&](std::size_t place) {
    return static_cast<double>(weights_[static_cast<std::size_t>(order_[place])]);
  };

  if (count < vocab) {
    keep(count);
    order_.resize(count);
  }
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) total += weight(i);

  if (options_.top_p < 1) {
    // Few tokens hold most of the weight as a rule: sort as many as it takes.
    const double enough = options_.top_p * total;
    double sum = 0;
    std::size_t sorted = count < vocab ? count : 0, end = 0;
    while (sum < enough && end < count) {
      if (end == sorted) {
        sorted = std::min(count, std::max<std::size_t>(128, sorted * 8));
        keep(sorted);
        sum = 0;
        for (std::size_t i = 0; i < end; ++i) sum += weight(i);
      }
      sum += weight(end++);
    }
    count = std::max<std::size_t>(end, 1);
    order_.resize(count);
  }
  if (options_.min_p > 0) {  // the most likely token weighs 1
    std::erase_if(order_, [&](int id) {
      return static_cast<double>(weights_[static_cast<std::size_t>(id)]) < options_.min_p;
    });
  }
  kept_weights_.resize(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) kept_weights_[i] = weight(i);
}

Result<int> Sampler::sample(std::span<const float> logits, std::span<const int> seen) {
  PITH_ASSIGN(const float max, prepare(logits, seen));
  if (options_.temperature == 0) return most_likely(max);
  choose_candidates(max);
  const double total = std::accumulate(kept_weights_.begin(), kept_weights_.end(), 0.0);
  double left = random_.uniform() * total;
  std::size_t last = 0;  // the last with any weight, should rounding leave something over
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (kept_weights_[i] <= 0) continue;
    last = i;
    left -= kept_weights_[i];
    if (left < 0) break;
  }
  return order_[last];
}

Result<std::vector<Candidate>> Sampler::distribution(std::span<const float> logits,
                                                     std::span<const int> seen) {
  PITH_ASSIGN(const float max, prepare(logits, seen));
  if (options_.temperature == 0) return std::vector<Candidate>{{most_likely(max), 1.0}};
  choose_candidates(max);
  keep(order_.size());
  double total = 0;
  std::vector<Candidate> candidates;
  for (const int id : order_) {
    candidates.push_back({id, static_cast<double>(weights_[static_cast<std::size_t>(id)])});
    total += candidates.back().probability;
  }
  for (Candidate& candidate : candidates) candidate.probability /= total;
  return candidates;
}

Result<std::vector<Candidate>> Sampler::distribution_ref(std::span<const float> logits,
                                                         std::span<const int> seen) const {
  std::vector<float> penalised(logits.begin(), logits.end());
  penalise(penalised, seen, options_.repetition_penalty);
  forbid(penalised, banned_);
  std::vector<Candidate> all;
  for (std::size_t i = 0; i < penalised.size(); ++i) {
    all.push_back({static_cast<int>(i), static_cast<double>(penalised[i])});
  }
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.probability > b.probability;
  });
  if (options_.temperature == 0) return std::vector<Candidate>{{all[0].id, 1.0}};
  const double max = all[0].probability;
  for (Candidate& c : all) c.probability = std::exp((c.probability - max) / options_.temperature);
  const auto normalise = [&] {
    double total = 0;
    for (const Candidate& c : all) total += c.probability;
    for (Candidate& c : all) c.probability /= total;
  };
  if (options_.top_k > 0) {
    all.resize(std::min(all.size(), static_cast<std::size_t>(options_.top_k)));
  }
  normalise();
  double before = 0;
  std::size_t count = 0;
  while (count < all.size() && (count == 0 || before < options_.top_p)) {
    before += all[count++].probability;
  }
  if (options_.top_p < 1) all.resize(count);
  const double least = options_.min_p * all[0].probability;
  std::erase_if(all, [&](const Candidate& c) { return c.probability < least; });
  normalise();
  return all;
}

}  // namespace pith
