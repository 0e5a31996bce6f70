#include "pith/tensor/cpu/cross_entropy.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(CrossEntropyTest, FollowsTheReferenceAtEveryVocabulary) {
  for (const std::size_t V : {2, 5, 16, 31, 32, 33, 100, 4097}) {
    const std::vector<int> targets{0, -1, static_cast<int>(V) - 1, 1};
    const float scale = 0.25f;
    auto logits = random_floats(4 * V, V, 4);
    logits[0] = 80;  // one certain and right, and one far off
    logits[2 * V] = 90;
    const auto inputs = logits;
    auto logits_ref = logits;
    std::vector<float> loss(4, 7.0f), loss_ref(4), loss_alone(4);
    softmax_cross_entropy(logits.data(), targets.data(), 4, V, nullptr, loss_alone.data());
    EXPECT_EQ(logits, inputs) << "without a scale the logits stay";
    softmax_cross_entropy(logits.data(), targets.data(), 4, V, &scale, loss.data());
    softmax_cross_entropy_ref(logits_ref.data(), targets.data(), 4, V, &scale, loss_ref.data());
    EXPECT_EQ(loss, loss_alone);
    EXPECT_EQ(loss[1], 0);
    // Logits up to 90 are rounded once when the maximum is taken off; exponentials to 4 epsilon.
    expect_near(loss, loss_ref, 200 * kEpsilon, "loss");
    expect_near(logits, logits_ref, 32 * kEpsilon * 0.25 * 4, "gradient");
  }
}

TEST(CrossEntropyTest, GradientsAreTheSlopesOfTheReference) {
  const std::size_t V = 21;
  const std::vector<int> targets{4, 20};
  auto logits = random_floats(2 * V, 1);
  auto gradient = logits;
  const float scale = 1;
  std::vector<float> loss(2);
  softmax_cross_entropy(gradient.data(), targets.data(), 2, V, &scale, loss.data());
  const auto total = [&] {
    auto scratch = logits;
    softmax_cross_entropy_ref(scratch.data(), targets.data(), 2, V, nullptr, loss.data());
    return static_cast<double>(loss[0]) + static_cast<double>(loss[1]);
  };
  for (std::size_t i = 0; i < logits.size(); ++i) {
    EXPECT_NEAR(slope(total, logits, i, 2e-2), gradient[i], 5e-5);
  }
}

TEST(CrossEntropyTest, WhatIsNotANumberShowsInTheLoss) {
  const std::size_t V = 40;
  auto logits = random_floats(V, 1);
  logits[17] = std::nanf("");
  const int target = 3;
  const float scale = 1;
  float loss = 0;
  softmax_cross_entropy(logits.data(), &target, 1, V, &scale, &loss);
  EXPECT_FALSE(std::isfinite(loss));
}

}  // namespace
}  // namespace pith
