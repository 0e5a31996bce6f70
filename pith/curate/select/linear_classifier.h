#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Tells documents that are like the examples given from the rest: logistic regression over hashed
// n-grams (target_features.h), as fastText's supervised mode does for DCLM (Li et al. 2024) and
// DeepSeekMath (Shao et al. 2024).
namespace pith {

using FeatureList = std::vector<std::uint32_t>;  // of target_features(): ascending, distinct

// Immutable once trained. Threads: any number may ask.
class TargetClassifier {
 public:
  // Probability, 0..1, that a document is of the examples' kind, when examples and others are
  // equally frequent. 0 for a document without features.
  double probability(std::span<const std::uint32_t> features) const;

 private:
  friend struct TargetTrainer;
  double score(std::span<const std::uint32_t> features) const;
  std::vector<float> weights_;  // (kTargetFeatures)
  double bias_ = 0;
  double slope_ = 1, shift_ = 0;  // Platt's calibration: probability = sigmoid(slope score + shift)
};

struct TargetReport {
  std::uint64_t examples = 0, others = 0;
  std::uint64_t folds = 0;  // of the cross-validation; 0: too few examples for one
  // Area under the ROC curve of the held-out scores: how often an example scores above another
  // document. 0.5 is chance. 0 when folds is 0. Others that are in truth of the examples' kind
  // make it smaller than the classifier deserves.
  double held_out_auc = 0;
  // Probability that three in four held-out examples reach, at most 0.5: who keeps all at or above
  // it keeps what is about as like the examples as they are to each other.
  double suggested_threshold = 0.5;
};

struct TrainedTarget {
  TargetClassifier classifier;
  TargetReport report;
};

// Trains on `examples` against `others`, neither empty: starts from naive Bayes' weights, descends
// from there by AdaGrad (Duchi et al. 2011), the two classes weighing the same, if that ranks
// held-out documents better, and calibrates by Platt's scaling (1999) on the held-out scores of a
// 5-fold cross-validation (fewer folds with fewer examples). The same lists and seed give the same
// classifier.
TrainedTarget train_target(std::span<const FeatureList> examples,
                           std::span<const FeatureList> others, std::uint64_t seed);

// Area under the ROC curve, ties counting half. Neither span empty.
double area_under_roc(std::span<const double> positive, std::span<const double> negative);
double area_under_roc_ref(std::span<const double> positive, std::span<const double> negative);

}  // namespace pith
