#include "pith/curate/select/importance_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pith/curate/select/seen_words_test.h"

namespace pith {
namespace {

class ImportanceWeightsTest : public testing::Test {
 protected:
  const DocumentWords wanted_ = seen("tide tide tide"), other_ = seen("road");
  const ScorerExamples examples_{{&wanted_}, {&other_}};
};

TEST_F(ImportanceWeightsTest, AreLogarithmsOfRatiosOfShares) {
  const auto scorer = learn_importance_weights(examples_, Random(1));
  // Of the examples 3 words and 2 pairs, of the others 1 word; every bucket has one more.
  const double wanted = kImportanceBuckets + 5, others = kImportanceBuckets + 1;
  EXPECT_NEAR(scorer->score(seen("tide")), std::log(4 / wanted / (1 / others)), 1e-6);
  EXPECT_NEAR(scorer->score(seen("tide tide")),
              2 * std::log(4 / wanted / (1 / others)) + std::log(3 / wanted / (1 / others)), 1e-6);
  EXPECT_NEAR(scorer->score(seen("road")), std::log(1 / wanted / (2 / others)), 1e-6);
}

TEST_F(ImportanceWeightsTest, ASumGrowsWithLengthAMeanDoesNot) {
  const DocumentWords once = seen("tide"), often = seen("tide tide tide tide tide tide tide tide");
  const auto sum = learn_importance_weights(examples_, Random(1)),
             mean = learn_mean_importance(examples_, Random(1));
  EXPECT_GT(sum->score(often), 8 * sum->score(once));
  EXPECT_LT(mean->score(often), 1.5);
  EXPECT_GT(mean->score(often), mean->score(once));  // one gram says little
}

}  // namespace
}  // namespace pith
