#include "pith/curate/select/importance_weights.h"

#include <cmath>
#include <cstdint>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr double kFewGrams = 100;  // of a mean, that are taken to be as likely in either

// Calls on_bucket for every word and every pair of words.
template <class OnBucket>
void for_each_gram(const DocumentWords& document, const OnBucket& on_bucket) {
  std::uint32_t last = 0;
  for (const std::uint32_t word : document.words) {
    on_bucket(mix64(word) % kImportanceBuckets);
    if (last != 0) on_bucket(mix64(std::uint64_t{last} << 32 | word) % kImportanceBuckets);
    last = word;
  }
}

class ImportanceWeights final : public DocumentScorer {
 public:
  ImportanceWeights(const ScorerExamples& examples, bool mean)
      : mean_(mean), ratios_(kImportanceBuckets) {
    const std::vector<double> wanted = shares(examples.wanted), others = shares(examples.others);
    for (std::size_t b = 0; b < kImportanceBuckets; ++b) {
      ratios_[b] = static_cast<float>(std::log(wanted[b] / others[b]));
    }
  }

  double score(const DocumentWords& document) const override {
    double sum = 0;
    std::size_t grams = 0;
    for_each_gram(document, [&](std::size_t bucket) {
      sum += static_cast<double>(ratios_[bucket]);
      ++grams;
    });
    return mean_ ? sum / (static_cast<double>(grams) + kFewGrams) : sum;
  }

 private:
  // Of the buckets among all grams; every bucket has one more than was counted.
  static std::vector<double> shares(const std::vector<const DocumentWords*>& documents) {
    std::vector<double> counts(kImportanceBuckets, 1.0);
    double all = static_cast<double>(kImportanceBuckets);
    for (const DocumentWords* document : documents) {
      for_each_gram(*document, [&](std::size_t bucket) { counts[bucket] += 1, all += 1; });
    }
    for (double& count : counts) count /= all;
    return counts;
  }

  const bool mean_;
  std::vector<float> ratios_;  // (kImportanceBuckets): logarithms
};

}  // namespace

std::unique_ptr<DocumentScorer> learn_importance_weights(const ScorerExamples& examples, Random) {
  return std::make_unique<ImportanceWeights>(examples, false);
}

std::unique_ptr<DocumentScorer> learn_mean_importance(const ScorerExamples& examples, Random) {
  return std::make_unique<ImportanceWeights>(examples, true);
}

}  // namespace pith
