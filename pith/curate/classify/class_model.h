#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Which of several classes, each given by examples, a document belongs to: multinomial logistic
// regression over hashed n-grams, as the target classifier of --like sees them.
namespace pith {

using ClassExample = std::vector<std::uint32_t>;  // the features of a document, distinct, not empty

inline constexpr std::size_t kMostClasses = 64;

struct ClassGuess {
  std::size_t label = 0;
  double probability = 0;  // of the label, were all classes equally frequent; 0 without features
};

// Immutable once trained. Threads: any number may ask, each with scratch of its own.
// Memory: 4 bytes a class for each distinct feature of the examples, thrice that in training.
class ClassModel {
 public:
  using Scratch = std::vector<double>;

  // The most probable class; of equally probable ones, the first.
  ClassGuess classify(std::span<const std::uint32_t> features, Scratch& scratch) const;

 private:
  friend struct ClassTrainer;
  void score(std::span<const std::uint32_t> features, Scratch& scores) const;

  std::size_t classes_ = 0;
  std::vector<std::uint32_t> row_of_;  // (features): row of weights and one; 0: of no example
  std::vector<float> weights_;         // (rows, classes)
  std::vector<double> bias_;           // (classes)
  double slope_ = 1;                   // calibration: probability = softmax(slope scores)
};

struct ClassReport {
  std::uint64_t folds = 0;  // of the cross-validation; 0: a class has a single example
  // Of each class: its examples, and how many of them a model that had not seen them got right.
  std::vector<std::uint64_t> examples, held_out_right;  // (classes)
  double held_out_accuracy = 0;  // mean over the classes of the share got right; 0 when folds is 0
};

struct TrainedClasses {
  ClassModel model;
  ClassReport report;
};

// Trains on `classes`, 2 to kMostClasses lists of examples, none empty. All classes weigh the same,
// however many examples they have. Starts from nothing or from naive Bayes' weights and descends by
// AdaGrad (Duchi et al. 2011), whichever start and number of epochs serve held-out examples best,
// and scales the scores so that held-out examples are most probable (temperature scaling: Guo et
// al. 2017). Cross-validation has 5 folds, fewer where a class has fewer examples. The same lists
// and seed give the same model.
TrainedClasses train_classes(std::span<const std::vector<ClassExample>> classes,
                             std::uint64_t seed);

}  // namespace pith
