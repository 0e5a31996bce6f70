#include "pith/curate/select/trained_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "pith/base/random.h"

namespace pith {
namespace {

// A text of `words` words drawn from a vocabulary of its kind, and a few of a common one.
std::string text_of_kind(std::string_view kind, int words, Random& random) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    const bool common = random.below(3) == 0;
    text += std::string(common ? "common" : kind) + std::to_string(random.below(60)) + " ";
  }
  return text;
}

using Documents = std::vector<DocumentWords>;

Documents documents(std::string_view kind, int count, std::uint64_t seed, int words = 80) {
  Random random(seed);
  Documents seen;
  for (int i = 0; i < count; ++i) {
    see_document(text_of_kind(kind, words, random), seen.emplace_back());
  }
  return seen;
}

// Every method has to do what is asked here.
class SelectionMethodTest : public testing::TestWithParam<std::string_view> {
 protected:
  const SelectionMethod& method() { return *find_selection_method(GetParam()); }
  TrainedTarget train(const Documents& examples, const Documents& others) {
    return train_target(method(), examples, others, 7);
  }
  static double probability(const TrainedTarget& trained, const DocumentWords& document) {
    return probability_of(trained.scorer.log_odds(document));
  }
};

std::vector<std::string_view> method_names() {
  std::vector<std::string_view> names;
  for (const SelectionMethod& method : selection_methods()) names.push_back(method.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Methods, SelectionMethodTest, testing::ValuesIn(method_names()),
                         [](const auto& method) { return std::string(method.param); });

TEST_P(SelectionMethodTest, TellsKindsApartOnUnseenText) {
  const TrainedTarget trained = train(documents("git", 60, 1), documents("math", 300, 2));
  EXPECT_EQ(trained.report.folds, 5u);
  EXPECT_GT(trained.report.held_out_auc, 0.99);
  for (const DocumentWords& document : documents("git", 30, 3)) {
    EXPECT_GT(probability(trained, document), 0.7);
  }
  for (const DocumentWords& document : documents("math", 30, 4)) {
    EXPECT_LT(probability(trained, document), 0.3);
  }
}

TEST_P(SelectionMethodTest, IsNoBetterThanChanceOnOneKind) {
  double auc = 0, sum = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const TrainedTarget trained =
        train(documents("x", 100, 10 * seed + 1), documents("x", 400, 10 * seed + 2));
    auc += trained.report.held_out_auc / 4;
    for (const DocumentWords& document : documents("x", 100, 10 * seed + 3)) {
      sum += probability(trained, document) / 400;
    }
  }
  EXPECT_NEAR(auc, 0.5, 0.06);
  EXPECT_NEAR(sum, 0.5, 0.15);  // calibrated: it knows that it knows nothing
}

TEST_P(SelectionMethodTest, TheSameSeedGivesTheSameScores) {
  const auto examples = documents("a", 20, 1), others = documents("b", 50, 2);
  const TrainedTarget first = train(examples, others), second = train(examples, others);
  for (const DocumentWords& document : documents("a", 10, 5)) {
    EXPECT_EQ(first.scorer.log_odds(document), second.scorer.log_odds(document));
  }
}

TEST_P(SelectionMethodTest, OneExampleIsEnoughToRank) {
  const TrainedTarget trained = train(documents("git", 1, 1), documents("math", 100, 2));
  EXPECT_EQ(trained.report.folds, 0u);
  EXPECT_GT(trained.scorer.log_odds(documents("git", 1, 9)[0]),
            trained.scorer.log_odds(documents("math", 1, 9)[0]));
}

TEST_P(SelectionMethodTest, ADocumentWithoutWordsIsNotLikeAnything) {
  const TrainedTarget trained = train(documents("a", 3, 1), documents("b", 3, 2));
  EXPECT_EQ(probability(trained, {}), 0.0);
}

// One in ten of the others is of the kind wanted: being taken as an other must not mark it down.
TEST_P(SelectionMethodTest, WhatIsWantedAmongTheOthersIsScoredByWhatHasNotSeenIt) {
  Documents others = documents("math", 180, 2);
  for (DocumentWords& document : documents("git", 20, 6)) others.push_back(std::move(document));
  const TrainedTarget trained = train(documents("git", 60, 1), others);
  ASSERT_EQ(trained.others_log_odds.size(), others.size());
  double among = 0, marked_down = 0;
  for (std::size_t i = 180; i < 200; ++i) {
    among += trained.others_log_odds[i] / 20;
    marked_down += trained.scorer.log_odds(others[i]) / 20;
  }
  double wanted = 0;
  for (const DocumentWords& document : documents("git", 20, 8)) {
    wanted += trained.scorer.log_odds(document) / 20;
  }
  EXPECT_GT(among, 0);
  EXPECT_LT(std::abs(among - wanted), std::max(0.5 * wanted, std::abs(marked_down - wanted)));
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
