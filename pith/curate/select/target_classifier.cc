#include "pith/curate/select/target_classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pith/base/check.h"
#include "pith/base/random.h"
#include "pith/curate/select/target_features.h"

namespace pith {
namespace {

constexpr int kEpochs = 6;
constexpr double kLearningRate = 0.5;
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

  // Logistic regression on `items`; a document's features have length 1 together.
  TargetClassifier fit(std::vector<Item> items, Random& random) const {
    TargetClassifier model;
    model.weights_.assign(kTargetFeatures, 0.0f);
    std::vector<float> squares(kTargetFeatures, 1e-8f);
    double bias_square = 1e-8;
    const auto positives = static_cast<double>(
        std::count_if(items.begin(), items.end(), [](const Item& i) { return i.example; }));
    const auto all = static_cast<double>(items.size());
    const double example_weight = all / (2 * std::max(1.0, positives));
    const double other_weight = all / (2 * std::max(1.0, all - positives));
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
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

  TrainedTarget train(std::uint64_t seed) const {
    std::vector<Item> items;
    for (std::uint32_t i = 0; i < examples.size(); ++i) items.push_back({true, i});
    for (std::uint32_t i = 0; i < others.size(); ++i) items.push_back({false, i});
    TrainedTarget trained;
    TargetReport& report = trained.report;
    report.examples = examples.size(), report.others = others.size();
    Random random(seed, "target");
    trained.classifier = fit(items, random);

    const std::size_t folds = std::min({kFolds, examples.size(), others.size()});
    if (folds < 2) return trained;
    report.folds = folds;
    std::vector<double> positive, negative;
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<Item> rest;
      for (const Item& item : items) {
        if (item.index % folds != fold) rest.push_back(item);
      }
      const TargetClassifier model = fit(rest, random);
      for (const Item& item : items) {
        if (item.index % folds != fold || features(item).empty()) continue;
        (item.example ? positive : negative).push_back(model.score(features(item)));
      }
    }
    if (positive.empty() || negative.empty()) return trained;
    report.held_out_auc = area_under_roc(positive, negative);
    calibrate(positive, negative, trained.classifier);
    const TargetClassifier& model = trained.classifier;
    std::sort(positive.begin(), positive.end());
    const double low_score = positive[positive.size() / 10];
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
