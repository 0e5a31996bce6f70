#include "pith/curate/select/linear_classifier.h"

#include <gtest/gtest.h>

#include <vector>

#include "pith/curate/select/seen_words_test.h"

namespace pith {
namespace {

TEST(LinearClassifierTest, WhatOnlyExamplesSayCountsForThem) {
  const DocumentWords tide = seen("the tide rises"), road = seen("the road ends");
  const std::vector<DocumentWords> more(20, tide), rest(20, road);
  ScorerExamples examples;
  for (const DocumentWords& document : more) examples.wanted.push_back(&document);
  for (const DocumentWords& document : rest) examples.others.push_back(&document);
  for (const LearnScorer learn : {learn_naive_bayes, learn_logistic_regression}) {
    const auto scorer = learn(examples, Random(1));
    EXPECT_GT(scorer->score(seen("tide")), scorer->score(seen("road")));
    const double both = scorer->score(seen("tide the road"));
    EXPECT_GT(scorer->score(seen("tide")), both);
    EXPECT_LT(scorer->score(seen("road")), both);
  }
}

TEST(LinearClassifierTest, DescentMovesFarFromTheCounts) {
  const DocumentWords tide = seen("tide"), road = seen("road");
  const ScorerExamples examples{{&tide}, {&road}};
  const auto counted = learn_naive_bayes(examples, Random(1)),
             descended = learn_logistic_regression(examples, Random(1));
  EXPECT_GT(descended->score(tide) - descended->score(road),
            10 * (counted->score(tide) - counted->score(road)));
}

}  // namespace
}  // namespace pith
