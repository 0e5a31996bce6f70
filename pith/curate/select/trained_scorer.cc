#include "pith/curate/select/trained_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "pith/base/check.h"

namespace pith {
namespace {

constexpr std::size_t kFolds = 5;

// Scores of every document by a scorer that has not seen it; NaN where it has no features.
struct HeldOutScores {
  std::vector<double> wanted, others;  // in the order of the lists
  double auc = 0;
};

std::vector<double> without_nan(const std::vector<double>& values) {
  std::vector<double> found;
  for (const double value : values) {
    if (!std::isnan(value)) found.push_back(value);
  }
  return found;
}

HeldOutScores cross_validate(LearnScorer learn, std::span<const DocumentWords> examples,
                             std::span<const DocumentWords> others, std::size_t folds,
                             std::uint64_t seed) {
  HeldOutScores scores;
  scores.wanted.assign(examples.size(), std::numeric_limits<double>::quiet_NaN());
  scores.others.assign(others.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    ScorerExamples rest;
    const auto leave_out = [&](std::span<const DocumentWords> from,
                               std::vector<const DocumentWords*>& to) {
      for (std::size_t i = 0; i < from.size(); ++i) {
        if (i % folds != fold) to.push_back(&from[i]);
      }
    };
    leave_out(examples, rest.wanted);
    leave_out(others, rest.others);
    const auto scorer = learn(rest, Random(seed, "target", 1 + fold));
    const auto score = [&](std::span<const DocumentWords> from, std::vector<double>& to) {
      for (std::size_t i = fold; i < from.size(); i += folds) {
        if (!from[i].features.empty()) to[i] = scorer->score(from[i]);
      }
    };
    score(examples, scores.wanted);
    score(others, scores.others);
  }
  const std::vector<double> wanted = without_nan(scores.wanted), rest = without_nan(scores.others);
  if (!wanted.empty() && !rest.empty()) scores.auc = area_under_roc(wanted, rest);
  return scores;
}

struct Calibration {
  double slope = 1, shift = 0;
};

// Platt's scaling with his smoothed targets, the classes weighing the same, by Newton's method on
// scores of mean 0 and deviation 1.
Calibration calibrate(std::span<const double> positive, std::span<const double> negative) {
  double sum = 0, squares = 0;
  for (const auto list : {positive, negative}) {
    for (const double score : list) sum += score, squares += score * score;
  }
  const auto all = static_cast<double>(positive.size() + negative.size());
  const double mean = sum / all, deviation = std::sqrt(std::max(0.0, squares / all - mean * mean));
  if (!(deviation > 0)) return {};
  const auto p = static_cast<double>(positive.size()), n = static_cast<double>(negative.size());
  const double high = (p + 1) / (p + 2), low = 1 / (n + 2);
  double slope = 1, shift = 0;
  for (int iteration = 0; iteration < 30; ++iteration) {
    double g_slope = 0, g_shift = 0, h_slope = 1e-6, h_both = 0, h_shift = 1e-6;
    const auto add = [&](double score, double target, double weight) {
      score = (score - mean) / deviation;
      const double probability = probability_of(slope * score + shift);
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
  // A falling line means no better than chance: then the order is left as it is, and nearly level.
  if (!(slope > 0)) slope = 1e-3, shift = 0;
  return {slope / deviation, shift - slope * mean / deviation};
}

}  // namespace

double probability_of(double log_odds) { return 1.0 / (1.0 + std::exp(-log_odds)); }

double TrainedScorer::log_odds(const DocumentWords& document) const {
  if (document.features.empty()) return -std::numeric_limits<double>::infinity();
  return slope_ * scorer_->score(document) + shift_;
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

struct ScorerTrainer {
  static TrainedTarget train(const SelectionMethod& method, std::span<const DocumentWords> examples,
                             std::span<const DocumentWords> others, std::uint64_t seed) {
    TrainedTarget trained;
    TargetReport& report = trained.report;
    report.examples = examples.size(), report.others = others.size();
    LearnScorer learn = method.learn.front();
    HeldOutScores scores;
    const std::size_t folds = std::min({kFolds, examples.size(), others.size()});
    if (folds >= 2) {
      for (const LearnScorer candidate : method.learn) {
        HeldOutScores found = cross_validate(candidate, examples, others, folds, seed);
        if (found.auc > scores.auc) scores = std::move(found), learn = candidate;
      }
    }
    ScorerExamples all;
    for (const DocumentWords& document : examples) all.wanted.push_back(&document);
    for (const DocumentWords& document : others) all.others.push_back(&document);
    TrainedScorer& scorer = trained.scorer;
    scorer.scorer_ = learn(all, Random(seed, "target"));
    if (scores.auc == 0) return trained;
    report.folds = folds;
    report.held_out_auc = scores.auc;
    std::vector<double> wanted = without_nan(scores.wanted);
    const Calibration calibration = calibrate(wanted, without_nan(scores.others));
    scorer.slope_ = calibration.slope, scorer.shift_ = calibration.shift;
    std::sort(wanted.begin(), wanted.end());
    report.suggested_threshold =
        std::min(0.5, probability_of(scorer.slope_ * wanted[wanted.size() / 4] + scorer.shift_));
    const auto log_odds = [&](const std::vector<double>& held_out) {
      std::vector<double> found;
      for (const double score : held_out) {
        found.push_back(std::isnan(score) ? -std::numeric_limits<double>::infinity()
                                          : scorer.slope_ * score + scorer.shift_);
      }
      return found;
    };
    trained.others_log_odds = log_odds(scores.others);
    trained.examples_log_odds = log_odds(scores.wanted);
    return trained;
  }
};

TrainedTarget train_target(const SelectionMethod& method, std::span<const DocumentWords> examples,
                           std::span<const DocumentWords> others, std::uint64_t seed) {
  PITH_CHECK(!examples.empty() && !others.empty(), "both classes have documents");
  return ScorerTrainer::train(method, examples, others, seed);
}

}  // namespace pith
