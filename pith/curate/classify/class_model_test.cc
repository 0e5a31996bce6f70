#include "pith/curate/classify/class_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "pith/base/random.h"

namespace pith {
namespace {

// `count` documents of 40 features each: a third common to all kinds, the rest of their kind's 200.
std::vector<ClassExample> documents(std::uint32_t kind, int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<ClassExample> all;
  for (int i = 0; i < count; ++i) {
    ClassExample features;
    for (int f = 0; f < 40; ++f) {
      const bool common = random.below(3) == 0;
      features.push_back((common ? 0 : 1000 * (kind + 1)) +
                         static_cast<std::uint32_t>(random.below(200)));
    }
    std::ranges::sort(features);
    features.erase(std::unique(features.begin(), features.end()), features.end());
    all.push_back(std::move(features));
  }
  return all;
}

double share_right(const ClassModel& model, std::span<const ClassExample> examples,
                   std::size_t label) {
  ClassModel::Scratch scratch;
  double right = 0;
  for (const ClassExample& example : examples)
    right += model.classify(example, scratch).label == label;
  return right / static_cast<double>(examples.size());
}

TEST(ClassModelTest, TellsClassesApartOnUnseenDocuments) {
  const std::vector<std::vector<ClassExample>> classes = {documents(0, 30, 1), documents(1, 60, 2),
                                                          documents(2, 10, 3)};
  const TrainedClasses trained = train_classes(classes, 7);
  EXPECT_EQ(trained.report.folds, 5u);
  EXPECT_EQ(trained.report.examples, (std::vector<std::uint64_t>{30, 60, 10}));
  EXPECT_GT(trained.report.held_out_accuracy, 0.95);
  for (std::uint32_t label = 0; label < 3; ++label) {
    EXPECT_GT(share_right(trained.model, documents(label, 50, 10 + label), label), 0.95) << label;
  }
}

TEST(ClassModelTest, ProbabilitiesAreWhatHeldOutDocumentsBearOut) {
  // Half of each class is in truth of the other: nobody can be right more than half of the time.
  std::vector<std::vector<ClassExample>> classes(2);
  for (std::uint32_t label = 0; label < 2; ++label) {
    for (std::uint32_t kind = 0; kind < 2; ++kind) {
      for (ClassExample& d : documents(kind, 60, 20 + 2 * label + kind))
        classes[label].push_back(std::move(d));
    }
  }
  const TrainedClasses trained = train_classes(classes, 7);
  EXPECT_NEAR(trained.report.held_out_accuracy, 0.5, 0.15);
  ClassModel::Scratch scratch;
  double sum = 0;
  const std::vector<ClassExample> unseen = documents(0, 100, 40);
  for (const ClassExample& example : unseen)
    sum += trained.model.classify(example, scratch).probability;
  EXPECT_LT(sum / 100, 0.62);
}

TEST(ClassModelTest, AClassOfFewExamplesIsNotDrowned) {
  const std::vector<std::vector<ClassExample>> classes = {documents(0, 400, 1), documents(1, 8, 2)};
  const TrainedClasses trained = train_classes(classes, 7);
  EXPECT_GT(share_right(trained.model, documents(1, 50, 3), 1), 0.9);
}

TEST(ClassModelTest, ASingleExampleIsLearnedFromWithoutACrossValidation) {
  const std::vector<std::vector<ClassExample>> classes = {documents(0, 1, 1), documents(1, 20, 2)};
  const TrainedClasses trained = train_classes(classes, 7);
  EXPECT_EQ(trained.report.folds, 0u);
  EXPECT_EQ(trained.report.held_out_accuracy, 0);
  EXPECT_GT(share_right(trained.model, documents(1, 50, 3), 1), 0.8);
}

TEST(ClassModelTest, SameExamplesAndSeedSameModel) {
  const std::vector<std::vector<ClassExample>> classes = {documents(0, 20, 1), documents(1, 20, 2)};
  const ClassModel a = train_classes(classes, 7).model, b = train_classes(classes, 7).model;
  ClassModel::Scratch scratch;
  for (const ClassExample& example : documents(0, 20, 5)) {
    EXPECT_EQ(a.classify(example, scratch).probability, b.classify(example, scratch).probability);
  }
}

TEST(ClassModelTest, NothingSeenIsNoClassForSure) {
  const std::vector<std::vector<ClassExample>> classes = {documents(0, 20, 1), documents(1, 20, 2)};
  const ClassModel model = train_classes(classes, 7).model;
  ClassModel::Scratch scratch;
  EXPECT_EQ(model.classify({}, scratch).probability, 0);
  // Features of no example, beyond the table too.
  EXPECT_LT(model.classify(std::vector<std::uint32_t>{4000000000u}, scratch).probability, 0.7);
}

}  // namespace
}  // namespace pith
