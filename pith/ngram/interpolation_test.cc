#include "pith/ngram/interpolation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "pith/base/random.h"
#include "pith/ngram/count_ngrams.h"

namespace pith {
namespace {

NgramModel small_model() {
  NgramCounter counter(4, 2);
  for (int i = 0; i < 5; ++i) counter.add(std::vector{0, 1, 2, 3});
  counter.add(std::vector{0, 1, 3});
  return *NgramModel::create(counter.finish(), "test");
}

TEST(InterpolationTest, WeightsGoToWhoIsRightMoreOften) {
  InterpolationFit fit(2);
  const NgramModel::Known unknown{1, 1}, known{2, 0.1F};
  Random random(1);
  for (int i = 0; i < 4000; ++i) {
    const bool network_is_right = random.uniform() < 0.9;
    fit.add(unknown, network_is_right ? 0.5 : 0.001, network_is_right ? 0.001 : 0.5);
    fit.add(known, network_is_right ? 0.001 : 0.5, network_is_right ? 0.5 : 0.001);
  }
  const InterpolationWeights weights = fit.finish();
  EXPECT_NEAR(weights.of(unknown), 0.9, 0.02);
  EXPECT_NEAR(weights.of(known), 0.1, 0.02);
  EXPECT_NEAR(weights.of({2, 0.9F}), 0.5, 0.02);  // nothing was seen there: as all
}

TEST(InterpolationTest, NeitherSideIsEverLeftOut) {
  InterpolationFit fit(1);
  for (int i = 0; i < 10'000; ++i) fit.add({1, 1}, 0.9, 0);
  EXPECT_LT(fit.finish().of({1, 1}), 1);
  EXPECT_EQ(InterpolationFit(3).finish().network, InterpolationWeights::even(3).network);
}

TEST(InterpolationTest, LogitsBecomeLogarithmsOfTheMixture) {
  const Interpolation interpolation{small_model(), {std::vector<float>(16, 0.25F)}};
  std::vector<float> logits = {1, 3, 2, -1}, scratch(4);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit);
  std::vector<float> expected;
  for (int v = 0; v < 4; ++v) {
    const double network = std::exp(logits[static_cast<std::size_t>(v)]) / sum;
    const double ngram = interpolation.model.probability(std::vector{0, 1}, v);
    expected.push_back(static_cast<float>(std::log(0.25 * network + 0.75 * ngram)));
  }
  interpolate(interpolation, std::vector{0, 1}, logits, scratch);
  for (std::size_t v = 0; v < 4; ++v) EXPECT_NEAR(logits[v], expected[v], 1e-5);
}

}  // namespace
}  // namespace pith
