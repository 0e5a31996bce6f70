#include "pith/curate/select/linear_classifier.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pith {
namespace {

constexpr int kEpochs = 3;
constexpr float kInertia = 1;    // AdaGrad's first sum of squares: rare features move little
constexpr double kPrior = 1000;  // documents by which a feature's counts are drawn to the average
constexpr double kLearningRate = 0.1;

using Features = std::vector<std::uint32_t>;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

class LinearClassifier final : public DocumentScorer {
 public:
  LinearClassifier() : weights_(kTargetFeatures, 0.0f) {}

  double score(const DocumentWords& document) const override { return score(document.features); }

  void start_from_counts(const ScorerExamples& examples) {
    std::vector<float> in_wanted(kTargetFeatures), in_all(kTargetFeatures);
    for (const DocumentWords* document : examples.wanted) {
      for (const std::uint32_t f : document->features) in_all[f] += 1, in_wanted[f] += 1;
    }
    for (const DocumentWords* document : examples.others) {
      for (const std::uint32_t f : document->features) in_all[f] += 1;
    }
    const auto wanted = static_cast<double>(examples.wanted.size());
    const double all = wanted + static_cast<double>(examples.others.size());
    for (std::size_t f = 0; f < kTargetFeatures; ++f) {
      if (in_all[f] == 0) continue;
      const double background = (static_cast<double>(in_all[f]) + 1) / (all + 2);
      const double likely = (static_cast<double>(in_wanted[f]) + kPrior * background) /
                            ((wanted + kPrior) * background);
      weights_[f] = static_cast<float>(std::log(likely));
    }
  }

  // A document's features have length 1 together.
  void descend(const ScorerExamples& examples, Random random) {
    struct Item {
      const Features* features;
      double target, weight;
    };
    const auto wanted = static_cast<double>(examples.wanted.size());
    const auto others = static_cast<double>(examples.others.size());
    std::vector<Item> items;
    for (const auto* d : examples.wanted) {
      items.push_back({&d->features, 1.0, (wanted + others) / (2 * wanted)});
    }
    for (const auto* d : examples.others) {
      items.push_back({&d->features, 0.0, (wanted + others) / (2 * others)});
    }
    std::vector<float> squares(kTargetFeatures, kInertia);
    double bias_square = 1e-8;
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
      for (std::size_t i = items.size(); i > 1; --i) {
        std::swap(items[i - 1], items[random.below(i)]);
      }
      for (const Item& item : items) {
        if (item.features->empty()) continue;
        const double error = (sigmoid(score(*item.features)) - item.target) * item.weight;
        const double gradient = error / std::sqrt(static_cast<double>(item.features->size()));
        const auto step = static_cast<float>(kLearningRate * gradient);
        const auto square = static_cast<float>(gradient * gradient);
        for (const std::uint32_t f : *item.features) {
          squares[f] += square;
          weights_[f] -= step / std::sqrt(squares[f]);
        }
        bias_square += error * error;
        bias_ -= 0.1 * kLearningRate * error / std::sqrt(bias_square);
      }
    }
  }

 private:
  double score(const Features& features) const {
    double sum = 0;
    for (const std::uint32_t f : features) sum += static_cast<double>(weights_[f]);
    return bias_ + sum / std::sqrt(static_cast<double>(std::max<std::size_t>(1, features.size())));
  }

  std::vector<float> weights_;  // (kTargetFeatures)
  double bias_ = 0;
};

}  // namespace

std::unique_ptr<DocumentScorer> learn_naive_bayes(const ScorerExamples& examples, Random) {
  auto classifier = std::make_unique<LinearClassifier>();
  classifier->start_from_counts(examples);
  return classifier;
}

std::unique_ptr<DocumentScorer> learn_logistic_regression(const ScorerExamples& examples,
                                                          Random random) {
  auto classifier = std::make_unique<LinearClassifier>();
  classifier->start_from_counts(examples);
  classifier->descend(examples, random);
  return classifier;
}

}  // namespace pith
