#include "pith/curate/classify/class_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "pith/base/check.h"
#include "pith/base/random.h"

namespace pith {
namespace {

// The ways of training that cross-validation chooses from. Short texts are served by weights that
// start from counts, long ones by weights that start from nothing.
struct Recipe {
  bool from_counts;
  int epochs;
};
constexpr std::array<Recipe, 7> kRecipes = {
    {{true, 0}, {true, 2}, {true, 5}, {true, 12}, {false, 2}, {false, 5}, {false, 12}}};
constexpr Recipe kUnmeasured = {false, 5};  // where there are too few examples to choose

constexpr float kInertia = 1;  // AdaGrad's first sum of squares: rare features move little
// How much a feature's share in a class is drawn to its mean over the classes: that of a rare
// feature more.
constexpr double kLeastPrior = 0.5, kPrior = 5;
constexpr double kLearningRate = 0.3;
constexpr std::size_t kFolds = 5;

// Scores to probabilities.
void softmax(std::span<double> scores, double slope) {
  const double most = *std::ranges::max_element(scores);
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(slope * (score - most));
  for (double& score : scores) score /= sum;
}

}  // namespace

void ClassModel::score(std::span<const std::uint32_t> features, Scratch& scores) const {
  scores.assign(classes_, 0.0);
  for (const std::uint32_t feature : features) {
    const std::size_t row = feature < row_of_.size() ? row_of_[feature] : 0;
    if (row == 0) continue;
    const float* const weights = weights_.data() + (row - 1) * classes_;
    for (std::size_t c = 0; c < classes_; ++c) scores[c] += static_cast<double>(weights[c]);
  }
  const double length = std::sqrt(static_cast<double>(features.size()));
  for (std::size_t c = 0; c < classes_; ++c) scores[c] = bias_[c] + scores[c] / length;
}

ClassGuess ClassModel::classify(std::span<const std::uint32_t> features, Scratch& scratch) const {
  if (features.empty()) return {};
  score(features, scratch);
  softmax(scratch, slope_);
  const auto best = std::ranges::max_element(scratch) - scratch.begin();
  return {static_cast<std::size_t>(best), scratch[static_cast<std::size_t>(best)]};
}

struct ClassTrainer {
  struct Item {
    std::uint32_t label, index;
  };
  struct HeldOut {
    std::vector<double> scores;         // (examples, classes)
    std::vector<std::uint32_t> labels;  // (examples)
    std::vector<std::uint64_t> right;   // (classes)
    double loss = 0;                    // at the best slope, classes weighing the same
    double slope = 1;
  };
  using Folds = std::array<HeldOut, kRecipes.size()>;

  std::span<const std::vector<ClassExample>> classes;

  const ClassExample& features(const Item& item) const { return classes[item.label][item.index]; }

  // Weights of 0, or logarithms of how much more often a feature is in a class than in the mean
  // class.
  ClassModel start(const std::vector<Item>& items, bool from_counts) const {
    ClassModel model;
    const std::size_t k = classes.size();
    model.classes_ = k;
    model.bias_.assign(k, 0.0);
    std::uint32_t rows = 0, most = 0;
    for (const Item& item : items) most = std::max(most, std::ranges::max(features(item)));
    model.row_of_.assign(std::size_t{most} + 1, 0);
    std::vector<double> size(k, 0.0);
    for (const Item& item : items) {
      size[item.label] += 1;
      for (const std::uint32_t f : features(item)) {
        if (model.row_of_[f] == 0) model.row_of_[f] = ++rows;
      }
    }
    model.weights_.assign(rows * k, 0.0f);
    if (!from_counts) return model;
    for (const Item& item : items) {
      for (const std::uint32_t f : features(item)) {
        model.weights_[(model.row_of_[f] - 1) * k + item.label] += 1;
      }
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const std::span weights(model.weights_.data() + row * k, k);
      double count = 0,
             background = 0;  // of examples with the feature; mean of the classes' shares
      for (std::size_t c = 0; c < k; ++c) {
        count += static_cast<double>(weights[c]);
        background += static_cast<double>(weights[c]) / std::max(1.0, size[c]);
      }
      background /= static_cast<double>(k);
      const double prior = kLeastPrior + kPrior / count;
      for (std::size_t c = 0; c < k; ++c) {
        const double share = static_cast<double>(weights[c]) / std::max(1.0, size[c]);
        weights[c] = static_cast<float>(std::log((share / background + prior) / (1 + prior)));
      }
    }
    return model;
  }

  // Descends on `items` for one epoch, in an order of its own.
  void descend(std::vector<Item>& items, Random& random, ClassModel& model,
               std::vector<float>& squares, std::vector<double>& bias_squares) const {
    const std::size_t k = classes.size();
    std::vector<double> class_weight(k, 0.0), scores;
    for (const Item& item : items) class_weight[item.label] += 1;
    for (double& w : class_weight) {
      w = static_cast<double>(items.size()) / (static_cast<double>(k) * std::max(1.0, w));
    }
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[random.below(i)]);
    }
    for (const Item& item : items) {
      const ClassExample& list = features(item);
      model.score(list, scores);
      softmax(scores, 1);
      scores[item.label] -= 1;
      const double length = std::sqrt(static_cast<double>(list.size()));
      for (std::size_t c = 0; c < k; ++c) {
        const double error = scores[c] * class_weight[item.label];
        bias_squares[c] += error * error;
        model.bias_[c] -= 0.1 * kLearningRate * error / std::sqrt(bias_squares[c]);
        scores[c] = error / length;
      }
      for (const std::uint32_t f : list) {
        const std::size_t row = (model.row_of_[f] - 1) * k;
        for (std::size_t c = 0; c < k; ++c) {
          const auto gradient = static_cast<float>(scores[c]);
          float& square = squares[row + c];
          square += gradient * gradient;
          model.weights_[row + c] -=
              static_cast<float>(kLearningRate) * gradient / std::sqrt(square);
        }
      }
    }
  }

  // Calls at_recipe(recipe, model) for those of `recipes`, a number of epochs rising for each
  // start.
  template <class AtRecipe>
  void fit(const std::vector<Item>& given, std::span<const Recipe> recipes, const Random& random,
           const AtRecipe& at_recipe) const {
    for (const bool from_counts : {true, false}) {
      if (std::ranges::find(recipes, from_counts, &Recipe::from_counts) == recipes.end()) continue;
      std::vector<Item> items = given;
      Random order = random;
      ClassModel model = start(items, from_counts);
      std::vector<float> squares(model.weights_.size(), kInertia);
      std::vector<double> bias_squares(classes.size(), 1e-8);
      int done = 0;
      for (std::size_t r = 0; r < recipes.size(); ++r) {
        if (recipes[r].from_counts != from_counts) continue;
        for (; done < recipes[r].epochs; ++done) {
          descend(items, order, model, squares, bias_squares);
        }
        at_recipe(r, model);
      }
    }
  }

  // The slope of least loss, and the loss: a golden section search of the slope's logarithm, where
  // the loss has one minimum.
  void calibrate(HeldOut& held_out) const {
    const std::size_t k = classes.size();
    std::vector<double> size(k, 0.0), row(k);
    for (const std::uint32_t label : held_out.labels) size[label] += 1;
    const auto loss = [&](double log_slope) {
      const double slope = std::exp(log_slope);
      double sum = 0;
      for (std::size_t i = 0; i < held_out.labels.size(); ++i) {
        const auto scores = std::span(held_out.scores).subspan(i * k, k);
        std::ranges::copy(scores, row.begin());
        softmax(row, slope);
        const std::uint32_t label = held_out.labels[i];
        sum -= std::log(std::max(row[label], 1e-12)) / size[label];
      }
      return sum / static_cast<double>(k);
    };
    constexpr double kGolden = 0.6180339887498949;
    double low = std::log(0.05), high = std::log(50.0);
    double a = high - kGolden * (high - low), b = low + kGolden * (high - low);
    double loss_a = loss(a), loss_b = loss(b);
    for (int i = 0; i < 24; ++i) {
      if (loss_a < loss_b) {
        high = b, b = a, loss_b = loss_a;
        loss_a = loss(a = high - kGolden * (high - low));
      } else {
        low = a, a = b, loss_a = loss_b;
        loss_b = loss(b = low + kGolden * (high - low));
      }
    }
    held_out.slope = std::exp((low + high) / 2);
    held_out.loss = loss((low + high) / 2);
  }

  // Scores of every example by models that have not seen it.
  Folds cross_validate(const std::vector<Item>& items, std::size_t folds,
                       std::uint64_t seed) const {
    Folds all;
    for (HeldOut& held_out : all) held_out.right.assign(classes.size(), 0);
    std::vector<double> scores;
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<Item> rest;
      for (const Item& item : items) {
        if (item.index % folds != fold) rest.push_back(item);
      }
      fit(rest, kRecipes, Random(seed, "classes", 1 + fold),
          [&](std::size_t recipe, const ClassModel& model) {
            HeldOut& held_out = all[recipe];
            for (const Item& item : items) {
              if (item.index % folds != fold) continue;
              model.score(features(item), scores);
              held_out.scores.insert(held_out.scores.end(), scores.begin(), scores.end());
              held_out.labels.push_back(item.label);
              const auto best = std::ranges::max_element(scores) - scores.begin();
              held_out.right[item.label] += best == static_cast<std::ptrdiff_t>(item.label);
            }
          });
    }
    for (HeldOut& held_out : all) calibrate(held_out);
    return all;
  }

  TrainedClasses train(std::uint64_t seed) const {
    TrainedClasses trained;
    ClassReport& report = trained.report;
    std::vector<Item> items;
    std::size_t folds = kFolds;
    for (std::uint32_t label = 0; label < classes.size(); ++label) {
      const auto size = static_cast<std::uint32_t>(classes[label].size());
      PITH_CHECK(size > 0, "every class has examples");
      report.examples.push_back(size);
      folds = std::min<std::size_t>(folds, size);
      for (std::uint32_t i = 0; i < size; ++i) items.push_back({label, i});
    }
    Recipe recipe = kUnmeasured;
    double slope = 1;
    if (folds >= 2) {
      const Folds all = cross_validate(items, folds, seed);
      const auto best = std::ranges::min_element(all, {}, &HeldOut::loss);
      recipe = kRecipes[static_cast<std::size_t>(best - all.begin())];
      slope = best->slope;
      report.folds = folds;
      report.held_out_right = best->right;
      for (std::size_t c = 0; c < classes.size(); ++c) {
        report.held_out_accuracy += static_cast<double>(report.held_out_right[c]) /
                                    static_cast<double>(report.examples[c] * classes.size());
      }
    }
    fit(items, std::span(&recipe, 1), Random(seed, "classes"),
        [&](std::size_t, const ClassModel& model) { trained.model = model; });
    trained.model.slope_ = slope;
    return trained;
  }
};

TrainedClasses train_classes(std::span<const std::vector<ClassExample>> classes,
                             std::uint64_t seed) {
  PITH_CHECK(classes.size() >= 2 && classes.size() <= kMostClasses, "2 to kMostClasses classes");
  return ClassTrainer{classes}.train(seed);
}

}  // namespace pith
