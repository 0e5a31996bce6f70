#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pith/curate/select/document_scorer.h"
#include "pith/curate/select/selection_method.h"

// A method's score as a probability, and how far it can be trusted.
namespace pith {

// Immutable. Threads: any number may ask.
class TrainedScorer {
 public:
  // Logarithm of the odds that a document is of the examples' kind, when examples and others are
  // equally frequent. Minus infinity for a document without features.
  double log_odds(const DocumentWords& document) const;

 private:
  friend struct ScorerTrainer;
  std::unique_ptr<DocumentScorer> scorer_;
  double slope_ = 1, shift_ = 0;  // Platt's calibration
};

double probability_of(double log_odds);  // 0..1

struct TargetReport {
  std::uint64_t examples = 0, others = 0;
  std::uint64_t folds = 0;  // of the cross-validation; 0: too few examples for one
  // Area under the ROC curve of the held-out scores: how often an example scores above another
  // document. 0.5 is chance. 0 when folds is 0. Others that are in truth of the examples' kind
  // make it smaller than the scorer deserves.
  double held_out_auc = 0;
  // Probability that three in four held-out examples reach, at most 0.5: who keeps all at or above
  // it keeps what is about as like the examples as they are to each other.
  double suggested_threshold = 0.5;
};

struct TrainedTarget {
  TrainedScorer scorer;
  TargetReport report;
  // Log-odds of each of the others by a scorer that has not learned from it; empty without folds.
  // What is wanted among them would else be marked down for having been taken as an other.
  std::vector<double> others_log_odds;
  std::vector<double> examples_log_odds;  // likewise
};

// Learns by `method` from `examples` against `others`, neither empty. Every document is also scored
// by a scorer learned without it (5 folds, fewer with fewer examples): these scores choose among
// the method's scorers and are what the probabilities are calibrated on (Platt 1999). The same
// lists and seed give the same result.
TrainedTarget train_target(const SelectionMethod& method, std::span<const DocumentWords> examples,
                           std::span<const DocumentWords> others, std::uint64_t seed);

// Area under the ROC curve, ties counting half. Neither span empty.
double area_under_roc(std::span<const double> positive, std::span<const double> negative);
double area_under_roc_ref(std::span<const double> positive, std::span<const double> negative);

}  // namespace pith
