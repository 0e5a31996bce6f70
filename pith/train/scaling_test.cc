#include "pith/train/scaling.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(ScalingTest, SizesRiseAndTheirHeadsFit) {
  double last = 0;
  for (const ModelSize& size : model_sizes()) {
    const double weights = multiplying_weights(size, 0);
    EXPECT_GT(weights, last * 1.3);
    last = weights;
    EXPECT_EQ(size.hidden_size % size.heads, 0);
    EXPECT_EQ(size.hidden_size / size.heads % 2, 0);
    EXPECT_EQ(size.intermediate_size % 32, 0);
  }
}

TEST(ScalingTest, RepeatedTokensAreWorthLessAndLess) {
  EXPECT_EQ(worth_of_tokens(50, 100), 50);
  EXPECT_EQ(worth_of_tokens(100, 100), 100);
  EXPECT_NEAR(worth_of_tokens(200, 100), 197, 2);  // a second epoch is nearly as good
  EXPECT_LT(worth_of_tokens(1e6, 100), 1601);      // and the thousandth is nothing
  EXPECT_GT(worth_of_tokens(1000, 100), worth_of_tokens(900, 100));
}

TEST(ScalingTest, LossFallsWithWeightsAndText) {
  EXPECT_GT(expected_bits_per_byte(1e5, 1e7), expected_bits_per_byte(1e6, 1e7));
  EXPECT_GT(expected_bits_per_byte(1e6, 1e6), expected_bits_per_byte(1e6, 1e7));
}

TEST(ScalingTest, TheBatchGrowsWithTheTrainingInWholeRows) {
  EXPECT_EQ(chosen_batch_tokens(1000, 256), 256);
  EXPECT_EQ(chosen_batch_tokens(0.6e6, 256), 512);
  EXPECT_EQ(chosen_batch_tokens(10e6, 256), 2048);
  EXPECT_EQ(chosen_batch_tokens(1e12, 256), 16384);
  EXPECT_EQ(chosen_batch_tokens(10e6, 300), 1200);
  EXPECT_EQ(chosen_batch_tokens(1000, 4096), 4096);  // a row at least
}

TEST(ScalingTest, TheLearningRateFallsWithWidthAndStaysInBounds) {
  EXPECT_GT(chosen_learning_rate(128, 4096), chosen_learning_rate(512, 4096));
  EXPECT_LE(chosen_learning_rate(8, 1 << 20), 2e-2);
  EXPECT_GE(chosen_learning_rate(65536, 8), 1e-4);
}

}  // namespace
}  // namespace pith
