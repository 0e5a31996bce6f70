#include "pith/curate/select/reference_loss.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pith/curate/select/seen_words_test.h"

namespace pith {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class ReferenceLossTest : public testing::Test {
 protected:
  // The same words in either, in another order.
  const DocumentWords wanted_ = seen(repeated("red fish swim by night. ", 100)),
                      other_ = seen(repeated("night by swim fish red. ", 100));
  const ScorerExamples examples_{{&wanted_}, {&other_}};
  const std::unique_ptr<DocumentScorer> scorer_ = learn_reference_loss(examples_, Random(1));
};

TEST_F(ReferenceLossTest, TheOrderOfWordsTells) {
  const double wanted = scorer_->score(seen(repeated("red fish swim by night. ", 20)));
  const double other = scorer_->score(seen(repeated("night by swim fish red. ", 20)));
  EXPECT_GT(wanted, 0.02);
  EXPECT_LT(other, -0.02);
}

TEST_F(ReferenceLossTest, NothingIsSavedOnWhatNeitherHas) {
  EXPECT_NEAR(scorer_->score(seen(repeated("quartz veins cross older granite. ", 20))), 0, 0.02);
  EXPECT_EQ(scorer_->score(seen("")), 0);
}

TEST_F(ReferenceLossTest, IsAMeanThatFewBytesMoveLittle) {
  const double short_text = scorer_->score(seen("red fish swim by night"));
  const double long_text = scorer_->score(seen(repeated("red fish swim by night. ", 40)));
  EXPECT_GT(long_text, 3 * short_text);
  EXPECT_GT(short_text, 0);
  EXPECT_NEAR(scorer_->score(seen(repeated("red fish swim by night. ", 160))), long_text,
              0.3 * long_text);
}

}  // namespace
}  // namespace pith
