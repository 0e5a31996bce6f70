#include "pith/curate/select/reference_loss.h"

#include <cmath>
#include <cstdint>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr std::size_t kWordBuckets = 1u << 18, kPairBuckets = 1u << 20;
// Counts by which what follows a word is drawn to what is frequent anyway: of all documents, of the
// examples; and words by which the examples' words are drawn to those of all documents.
constexpr double kPairPrior = 100, kAdaptedPairPrior = 200, kAdaptedWordPrior = 20'000;
constexpr double kWordPrior = 0.05;      // of every bucket
constexpr double kFewBytes = 300;        // of a mean, on which nothing is saved
constexpr std::uint32_t kBeginning = 0;  // stands before the first word

struct Counts {
  float all = 0, wanted = 0;  // in the others and the examples together; in the examples
};

std::size_t word_bucket(std::uint32_t word) { return mix64(word) % kWordBuckets; }
std::size_t pair_bucket(std::uint32_t last, std::uint32_t word) {
  return mix64(std::uint64_t{last} << 32 | word) % kPairBuckets;
}

class ReferenceLoss final : public DocumentScorer {
 public:
  explicit ReferenceLoss(const ScorerExamples& examples)
      : words_(kWordBuckets), pairs_(kPairBuckets) {
    for (const DocumentWords* document : examples.wanted) count(*document, 1);
    for (const DocumentWords* document : examples.others) count(*document, 0);
  }

  double score(const DocumentWords& document) const override {
    double saved = 0;
    std::uint32_t last = kBeginning;
    for (const std::uint32_t word : document.words) {
      const Counts& pair = pairs_[pair_bucket(last, word)];
      const Counts& before = words_[word_bucket(last)];
      const Counts& single = words_[word_bucket(word)];
      const double share =
          (double(single.all) + kWordPrior) / (all_ + kWordPrior * double(kWordBuckets));
      const double prior =
          (double(pair.all) + kPairPrior * share) / (double(before.all) + kPairPrior);
      const double adapted_share =
          (double(single.wanted) + kAdaptedWordPrior * share) / (wanted_ + kAdaptedWordPrior);
      const double adapted =
          (double(pair.wanted) + kAdaptedPairPrior * 0.5 * (prior + adapted_share)) /
          (double(before.wanted) + kAdaptedPairPrior);
      saved += std::log(adapted / prior);
      last = word;
    }
    return saved / (double(document.bytes) + kFewBytes);
  }

 private:
  void count(const DocumentWords& document, float wanted) {
    std::uint32_t last = kBeginning;
    words_[word_bucket(kBeginning)].all += 1, words_[word_bucket(kBeginning)].wanted += wanted;
    for (const std::uint32_t word : document.words) {
      Counts& pair = pairs_[pair_bucket(last, word)];
      Counts& single = words_[word_bucket(word)];
      pair.all += 1, pair.wanted += wanted;
      single.all += 1, single.wanted += wanted;
      all_ += 1, wanted_ += double(wanted);
      last = word;
    }
  }

  std::vector<Counts> words_, pairs_;
  double all_ = 0, wanted_ = 0;
};

}  // namespace

std::unique_ptr<DocumentScorer> learn_reference_loss(const ScorerExamples& examples, Random) {
  return std::make_unique<ReferenceLoss>(examples);
}

}  // namespace pith
