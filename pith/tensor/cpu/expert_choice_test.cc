#include "pith/tensor/cpu/expert_choice.h"

#include <algorithm>
#include <numeric>

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

struct Chosen {
  std::vector<float> scores, weights;
  std::vector<int> experts;
};

Chosen choose(const ExpertChoice& choice, const std::vector<float>& logits,
              const std::vector<float>& bias) {
  Chosen result{std::vector<float>(choice.experts), std::vector<float>(choice.chosen),
                std::vector<int>(choice.chosen, -1)};
  choose_experts(choice, logits.data(), bias.data(), result.scores.data(), result.experts.data(),
                 result.weights.data());
  return result;
}

// By sorting, in doubles.
std::vector<int> best_of(const std::vector<float>& scores, const std::vector<float>& bias,
                         std::size_t k) {
  std::vector<int> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](int e) {
    return scores[static_cast<std::size_t>(e)] + bias[static_cast<std::size_t>(e)];
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return value(a) > value(b); });
  order.resize(k);
  std::sort(order.begin(), order.end());
  return order;
}

TEST(ExpertChoiceTest, TheBestByScoreAndBiasAreWeightedByScoreAlone) {
  for (const std::size_t E : {1, 2, 8, 33}) {
    for (const std::size_t k : {std::size_t{1}, std::min<std::size_t>(E, 3), E}) {
      const auto logits = random_floats(E, E), bias = random_floats(E, k, 0.3);
      const Chosen chosen = choose({.experts = E, .chosen = k, .scale = 2.5f}, logits, bias);
      EXPECT_EQ(chosen.experts, best_of(chosen.scores, bias, k)) << E << " " << k;
      float sum = 0, scores = 0;
      for (std::size_t j = 0; j < k; ++j) {
        sum += chosen.weights[j];
        scores += chosen.scores[static_cast<std::size_t>(chosen.experts[j])];
      }
      EXPECT_NEAR(sum, 2.5f, 1e-5);
      EXPECT_NEAR(chosen.weights[0],
                  2.5f * chosen.scores[static_cast<std::size_t>(chosen.experts[0])] / scores, 1e-5);
    }
  }
}

TEST(ExpertChoiceTest, OfEqualOnesTheFirstAreChosen) {
  const Chosen chosen =
      choose({.experts = 5, .chosen = 2}, std::vector<float>(5, 0.3f), std::vector<float>(5, 0.0f));
  EXPECT_EQ(chosen.experts, (std::vector<int>{0, 1}));
}

// Group 1 has the best expert, group 0 the best two; the bias counts.
TEST(ExpertChoiceTest, OnlyTheBestGroupsComeIntoQuestion) {
  const std::vector<float> logits = {1.0f, 1.1f, -2, 2.0f, -3, -3, 0, 0};
  std::vector<float> bias(8, 0.0f);
  const ExpertChoice choice{.experts = 8, .chosen = 2, .groups = 4, .kept_groups = 1};
  EXPECT_EQ(choose(choice, logits, bias).experts, (std::vector<int>{0, 1}));
  bias[2] = 2;
  EXPECT_EQ(choose(choice, logits, bias).experts, (std::vector<int>{2, 3}));
  bias.assign(8, -5.0f);  // a bias below all scores chooses among kept groups still
  EXPECT_EQ(choose(choice, logits, bias).experts, (std::vector<int>{0, 1}));
}

TEST(ExpertChoiceTest, GradientsAreSlopes) {
  for (const bool normalise : {true, false}) {
    const ExpertChoice choice{.experts = 9, .chosen = 3, .normalise = normalise, .scale = 1.7f};
    auto logits = random_floats(9, 4);
    const auto bias = random_floats(9, 5), d_weights = random_floats(3, 6);
    const auto balance = random_floats(9, 7);
    const Chosen chosen = choose(choice, logits, bias);
    std::vector<float> d_logits(9);
    choose_experts_backward(choice, chosen.scores.data(), chosen.experts.data(), d_weights.data(),
                            balance.data(), d_logits.data());
    const auto loss = [&] {
      const Chosen again = choose(choice, logits, bias);
      EXPECT_EQ(again.experts, chosen.experts) << "the step is small";
      double sum = 0, all = 0;
      for (const float score : again.scores) all += static_cast<double>(score);
      for (std::size_t e = 0; e < 9; ++e) {
        sum += static_cast<double>(balance[e]) * static_cast<double>(again.scores[e]) / all;
      }
      return sum + weighted(again.weights, d_weights);
    };
    for (std::size_t e = 0; e < 9; ++e) {
      EXPECT_NEAR(slope(loss, logits, e, 4e-3), d_logits[e], 4e-4) << e;
    }
  }
}

}  // namespace
}  // namespace pith
