#include "pith/curate/select/target_classifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "pith/base/random.h"
#include "pith/curate/select/target_features.h"

namespace pith {
namespace {

FeatureList features(std::string_view text) {
  FeatureList list;
  target_features(text, list);
  return list;
}

// A text of `words` words drawn from a vocabulary of its kind, and a few of a common one.
std::string text_of_kind(std::string_view kind, int words, Random& random) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    const bool common = random.below(3) == 0;
    text += std::string(common ? "common" : kind) + std::to_string(random.below(60)) + " ";
  }
  return text;
}

std::vector<FeatureList> documents(std::string_view kind, int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<FeatureList> lists;
  for (int i = 0; i < count; ++i) lists.push_back(features(text_of_kind(kind, 80, random)));
  return lists;
}

TEST(TargetFeaturesTest, WordsAndPairsOfSpacedScripts) {
  EXPECT_EQ(features("alpha beta gamma").size(), 5u);
  EXPECT_EQ(features("Alpha, BETA!"), features("alpha beta"));
  EXPECT_NE(features("alpha beta"), features("beta alpha"));
  EXPECT_TRUE(features("...").empty());
}

TEST(TargetFeaturesTest, PairsAndTriplesOfChineseCharacters) {
  EXPECT_EQ(features("机器学习").size(), 3u + 2u);
  EXPECT_EQ(features("机").size(), 0u);
}

TEST(TargetFeaturesTest, OnlyTheFrontOfALongTextCounts) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "字词";
  const FeatureList front = features(text);
  EXPECT_EQ(features(text + "完全不同的结尾"), front);
}

TEST(TargetClassifierTest, TellsKindsApartOnUnseenText) {
  const TrainedTarget trained = train_target(documents("git", 60, 1), documents("math", 300, 2), 7);
  EXPECT_EQ(trained.report.folds, 5u);
  EXPECT_GT(trained.report.held_out_auc, 0.99);
  for (const FeatureList& list : documents("git", 30, 3)) {
    EXPECT_GT(trained.classifier.probability(list), 0.7);
  }
  for (const FeatureList& list : documents("math", 30, 4)) {
    EXPECT_LT(trained.classifier.probability(list), 0.3);
  }
}

TEST(TargetClassifierTest, IsNoBetterThanChanceOnOneKind) {
  const TrainedTarget trained = train_target(documents("x", 100, 1), documents("x", 400, 2), 7);
  EXPECT_NEAR(trained.report.held_out_auc, 0.5, 0.12);
  double sum = 0;
  const auto unseen = documents("x", 100, 3);
  for (const FeatureList& list : unseen) sum += trained.classifier.probability(list);
  EXPECT_NEAR(sum / 100, 0.5, 0.15);  // calibrated: it knows that it knows nothing
}

TEST(TargetClassifierTest, TheSameSeedGivesTheSameProbabilities) {
  const auto examples = documents("a", 20, 1), others = documents("b", 50, 2);
  const TrainedTarget first = train_target(examples, others, 7),
                      second = train_target(examples, others, 7);
  for (const FeatureList& list : documents("a", 10, 5)) {
    EXPECT_EQ(first.classifier.probability(list), second.classifier.probability(list));
  }
}

TEST(TargetClassifierTest, OneExampleIsEnoughToRank) {
  const TrainedTarget trained = train_target(documents("git", 1, 1), documents("math", 100, 2), 7);
  EXPECT_EQ(trained.report.folds, 0u);
  EXPECT_GT(trained.classifier.probability(documents("git", 1, 9)[0]),
            trained.classifier.probability(documents("math", 1, 9)[0]));
}

TEST(TargetClassifierTest, ADocumentWithoutWordsIsNotLikeAnything) {
  const TrainedTarget trained = train_target(documents("a", 3, 1), documents("b", 3, 2), 7);
  EXPECT_EQ(trained.classifier.probability({}), 0.0);
}

TEST(AreaUnderRocTest, FollowsTheReferenceWithTies) {
  Random random(1);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> positive(1 + random.below(30)), negative(1 + random.below(30));
    for (double& x : positive) x = static_cast<double>(random.below(6));
    for (double& x : negative) x = static_cast<double>(random.below(5));
    EXPECT_DOUBLE_EQ(area_under_roc(positive, negative), area_under_roc_ref(positive, negative));
  }
}

}  // namespace
}  // namespace pith
