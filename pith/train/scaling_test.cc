#include "pith/train/scaling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace pith {
namespace {

double expected(double weights, double tokens, double hardness) {
  return expected_bits_per_byte(law_for("llama"), weights, tokens, {hardness, hardness * 0.6, 0});
}

TEST(ScalingTest, SizesRiseAndTheirHeadsFit) {
  for (const char* architecture : {"llama", "pith"}) {
    double last = 0;
    for (const ModelSize& size : model_sizes(architecture)) {
      const double weights = multiplying_weights(size, 0);
      EXPECT_GT(weights, last * 1.2);
      last = weights;
      EXPECT_EQ(size.hidden_size % size.heads, 0);
      EXPECT_EQ(size.hidden_size / size.heads % 2, 0);
      EXPECT_EQ(size.intermediate_size % 32, 0);
    }
  }
}

TEST(ScalingTest, RepeatedTokensAreWorthLessAndLess) {
  EXPECT_EQ(worth_of_tokens(50, 100), 50);
  EXPECT_EQ(worth_of_tokens(100, 100), 100);
  EXPECT_NEAR(worth_of_tokens(200, 100), 197, 2);  // a second epoch is nearly as good
  EXPECT_LT(worth_of_tokens(1e6, 100), 1601);      // and the thousandth is nothing
  EXPECT_GT(worth_of_tokens(1000, 100), worth_of_tokens(900, 100));
}

TEST(ScalingTest, LossFallsWithWeightsAndTokensAndFollowsTheText) {
  EXPECT_GT(expected(0.4e6, 20e6, 3), expected(1e6, 20e6, 3));
  EXPECT_GT(expected(1e6, 1e6, 3), expected(1e6, 3e6, 3));
  EXPECT_DOUBLE_EQ(expected(1e6, 1e6, 3), 1.5 * expected(1e6, 1e6, 2));
}

TEST(ScalingTest, AnArchitectureWithoutALawHasThatOfTheFirst) {
  EXPECT_EQ(&law_for("mamba"), &law_for("llama"));
}

TEST(ScalingTest, TheMixtureIsBetterThanBothAndMostWhereTheyAreAlike) {
  const ScalingLaw& law = law_for("pith");
  const TextHardness text{3, 2, 0};
  const double network = expected_bits_per_byte(law, 0.2e6, 1e6, text);
  const auto gain = [&](double counted) {
    const double mixture = expected_bits_per_byte(law, 0.2e6, 1e6, {3, 2, counted});
    EXPECT_LT(mixture, std::min(network, counted));
    return std::min(network, counted) / mixture;
  };
  EXPECT_GT(gain(network), 1.05);
  EXPECT_GT(gain(network), gain(0.8 * network));
  EXPECT_GT(gain(network), gain(1.2 * network));
}

// Index into model_sizes("llama") of the size expected to do best, at tokens a second as measured
// with two threads for the first of them.
std::size_t best_size(double seconds) {
  constexpr double kRates[] = {53e3, 32e3, 19e3};
  std::size_t best = 0;
  double least = 100;
  for (std::size_t i = 0; i < std::size(kRates); ++i) {
    const double bits =
        expected(multiplying_weights(model_sizes("llama")[i], 4096), seconds * kRates[i], 3);
    if (bits < least) best = i;
    least = std::min(least, bits);
  }
  return best;
}

TEST(ScalingTest, MinutesWantTheSmallestSizeAndHoursALargerOne) {
  EXPECT_EQ(best_size(20), 0u);
  EXPECT_EQ(best_size(180), 0u);  // as measured: 1.988 bits per byte, and 2.056 with the next
  EXPECT_GT(best_size(3600), 0u);
}

TEST(ScalingTest, TheBatchGrowsWithTheTrainingInWholeRows) {
  EXPECT_EQ(chosen_batch_tokens(1000, 256), 256);
  EXPECT_EQ(chosen_batch_tokens(50e3, 256), 512);  // 1,024 would leave under 60 steps
  EXPECT_EQ(chosen_batch_tokens(0.6e6, 256), 1024);
  EXPECT_EQ(chosen_batch_tokens(2e6, 256), 1024);
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

TEST(ScalingTest, AdamWsMemoryIsANumberOfTokens) {
  const double once = chosen_beta2(1024);
  EXPECT_NEAR(chosen_beta2(2048), once * once, 1e-12);
  EXPECT_GT(chosen_beta2(256), 0.99);
  EXPECT_GT(chosen_beta2(16384), 0.5);
}

}  // namespace
}  // namespace pith
