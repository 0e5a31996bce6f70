#include "pith/curate/select/target_classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pith/base/check.h"
#include "pith/base/random.h"
#include "pith/curate/select/target_features.h"

namespace pith {
namespace {

constexpr int kEpochs = 3;
constexpr float kInertia = 1;    // AdaGrad's first sum of squares: rare features move little
constexpr double kPrior = 1000;  // documents by which a feature's counts are drawn to the average
constexpr double kLearningRate = 0.1;
constexpr std::size_t kFolds = 5;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

}  // namespace

double TargetClassifier::score(std::span<const std::uint32_t> features) const {
  double sum = 0;
  for (const std::uint32_t f : features) sum += static_cast<double>(weights_[f]);
  return bias_ + sum / std::sqrt(static_cast<double>(features.size()));
}

double TargetClassifier::probability(std::span<const std::uint32_t> features) const {
  return features.empty() ? 0.0 : sigmoid(slope_ * score(features) + shift_);
}

double area_under_roc_ref(std::span<const double> positive, std::span<const double> negative) {
  double wins = 0;
  for (const double p : positive) {
    for (const double n : negative) wins += p > n ? 1.0 : p == n ? 0.5 : 0.0;
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

double area_under_roc(std::span<const double> positive, std::span<const double> negative) {
  std::vector<double> sorted(negative.begin(), negative.end());
  std::sort(sorted.begin(), sorted.end());
  double wins = 0;
  for (const double p : positive) {
    const auto [below, above] = std::equal_range(sorted.begin(), sorted.end(), p);
    wins += static_cast<double>(below - sorted.begin()) + 0.5 * static_cast<double>(above - below);
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

// One document of the training set: which class and which of its list.
struct TargetTrainer {
  struct Item {
    bool example;
    std::uint32_t index;
  };
  std::span<const FeatureList> examples, others;

  const FeatureList& features(const Item& item) const {
    return (item.example ? examples : others)[item.index];
  }

  // Weights of naive Bayes: how much more likely a feature is in an example than in any document,
  // as a logarithm, drawn towards 0 by kPrior examples that are like the rest. They cannot tell
  // apart what is alike, so they stand it when the others hold many of the examples' kind.
  void start_from_counts(const std::vector<Item>& items, std::vector<float>& weights) const {
    std::vector<float> in_examples(kTargetFeatures), in_all(kTargetFeatures);
    double positives = 0;
    for (const Item& item : items) {
      positives += item.example;
      for (const std::uint32_t f : features(item)) {
        in_all[f] += 1;
        in_examples[f] += static_cast<float>(item.example);
      }
    }
    const double all = static_cast<double>(items.size());
    for (std::size_t f = 0; f < kTargetFeatures; ++f) {
      if (in_all[f] == 0) continue;
      const double background = (static_cast<double>(in_all[f]) + 1) / (all + 2);
      const double likely = (static_cast<double>(in_examples[f]) + kPrior * background) /
                            ((positives + kPrior) * background);
      weights[f] = static_cast<float>(std::log(likely));
    }
  }

  // Logistic regression on `items`; a document's features have length 1 together.
  TargetClassifier fit(std::vector<Item> items, int epochs, Random random) const {
    TargetClassifier model;
    model.weights_.assign(kTargetFeatures, 0.0f);
    start_from_counts(items, model.weights_);
    std::vector<float> squares(kTargetFeatures, kInertia);
    double bias_square = 1e-8;
    const auto positives = static_cast<double>(
        std::count_if(items.begin(), items.end(), [](const Item& i) { return i.example; }));
    const auto all = static_cast<double>(items.size());
    const double example_weight = all / (2 * std::max(1.0, positives));
    const double other_weight = all / (2 * std::max(1.0, all - positives));
    for (int epoch = 0; epoch < epochs; ++epoch) {
      for (std::size_t i = items.size(); i > 1; --i) {
        std::swap(items[i - 1], items[random.below(i)]);
      }
      for (const Item& item : items) {
        const FeatureList& list = features(item);
        if (list.empty()) continue;
        const double weight = item.example ? example_weight : other_weight;
        const double error = (sigmoid(model.score(list)) - (item.example ? 1.0 : 0.0)) * weight;
        const double gradient = error / std::sqrt(static_cast<double>(list.size()));
        const auto step = static_cast<float>(kLearningRate * gradient);
        const auto square = static_cast<float>(gradient * gradient);
        for (const std::uint32_t f : list) {
          squares[f] += square;
          model.weights_[f] -= step / std::sqrt(squares[f]);
        }
        bias_square += error * error;
        model.bias_ -= 0.1 * kLearningRate * error / std::sqrt(bias_square);
      }
    }
    return model;
  }

  // Platt's scaling with his smoothed targets, the classes weighing the same, by Newton's method.
  static void calibrate(std::span<const double> positive, std::span<const double> negative,
                        TargetClassifier& model) {
    const auto p = static_cast<double>(positive.size()), n = static_cast<double>(negative.size());
    const double high = (p + 1) / (p + 2), low = 1 / (n + 2);
    double slope = 1, shift = 0;
    for (int iteration = 0; iteration < 30; ++iteration) {
      double g_slope = 0, g_shift = 0, h_slope = 1e-6, h_both = 0, h_shift = 1e-6;
      const auto add = [&](double score, double target, double weight) {
        const double probability = sigmoid(slope * score + shift);
        const double error = weight * (probability - target);
        const double curve = weight * probability * (1 - probability);
        g_slope += error * score, g_shift += error;
        h_slope += curve * score * score, h_both += curve * score, h_shift += curve;
      };
      for (const double score : positive) add(score, high, 0.5 / p);
      for (const double score : negative) add(score, low, 0.5 / n);
      const double determinant = h_slope * h_shift - h_both * h_both;
      if (!(determinant > 1e-12)) break;
      const double d_slope = (h_shift * g_slope - h_both * g_shift) / determinant;
      const double d_shift = (h_slope * g_shift - h_both * g_slope) / determinant;
      // Short steps: far from the optimum Newton's are too long.
      const double length = std::max({1.0, std::abs(d_slope), std::abs(d_shift)});
      slope -= d_slope / length, shift -= d_shift / length;
      if (std::abs(d_slope) + std::abs(d_shift) < 1e-9) break;
    }
    if (slope > 0) model.slope_ = slope, model.shift_ = shift;  // else no better than chance
  }

  struct HeldOut {
    std::vector<double> positive, negative;  // scores
    double auc = 0;
  };

  // Scores of every document by a model that has not seen it.
  HeldOut cross_validate(const std::vector<Item>& items, std::size_t folds, int epochs,
                         std::uint64_t seed) const {
    HeldOut scores;
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<Item> rest;
      for (const Item& item : items) {
        if (item.index % folds != fold) rest.push_back(item);
      }
      const TargetClassifier model = fit(std::move(rest), epochs, Random(seed, "target", 1 + fold));
      for (const Item& item : items) {
        if (item.index % folds != fold || features(item).empty()) continue;
        (item.example ? scores.positive : scores.negative).push_back(model.score(features(item)));
      }
    }
    if (scores.positive.empty() || scores.negative.empty()) return {};
    scores.auc = area_under_roc(scores.positive, scores.negative);
    return scores;
  }

  TrainedTarget train(std::uint64_t seed) const {
    std::vector<Item> items;
    for (std::uint32_t i = 0; i < examples.size(); ++i) items.push_back({true, i});
    for (std::uint32_t i = 0; i < others.size(); ++i) items.push_back({false, i});
    TrainedTarget trained;
    TargetReport& report = trained.report;
    report.examples = examples.size(), report.others = others.size();
    const std::size_t folds = std::min({kFolds, examples.size(), others.size()});
    HeldOut scores;
    int epochs = 0;
    if (folds >= 2) {
      scores = cross_validate(items, folds, 0, seed);
      HeldOut descended = cross_validate(items, folds, kEpochs, seed);
      if (descended.auc > scores.auc) scores = std::move(descended), epochs = kEpochs;
    }
    trained.classifier = fit(items, epochs, Random(seed, "target"));
    if (scores.positive.empty()) return trained;
    report.folds = folds;
    report.held_out_auc = scores.auc;
    calibrate(scores.positive, scores.negative, trained.classifier);
    const TargetClassifier& model = trained.classifier;
    std::sort(scores.positive.begin(), scores.positive.end());
    const double low_score = scores.positive[scores.positive.size() / 4];
    report.suggested_threshold = std::min(0.5, sigmoid(model.slope_ * low_score + model.shift_));
    return trained;
  }
};

TrainedTarget train_target(std::span<const FeatureList> examples,
                           std::span<const FeatureList> others, std::uint64_t seed) {
  PITH_CHECK(!examples.empty() && !others.empty(), "both classes have documents");
  return TargetTrainer{examples, others}.train(seed);
}

}  // namespace pith
