#include "pith/nn/initialize.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pith {
namespace {

class InitializeTest : public testing::Test {
 protected:
  std::vector<float>& add(const std::string& name, const std::vector<std::int64_t>& shape) {
    std::size_t n = 1;
    for (const std::int64_t extent : shape) n *= static_cast<std::size_t>(extent);
    auto& values = values_.emplace_back(std::make_unique<std::vector<float>>(n, 7.0f));
    parameters_.push_back({name, shape, *values, *values});
    return *values;
  }
  static double deviation(const std::vector<float>& values) {
    double squares = 0;
    for (const float value : values)
      squares += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(squares / static_cast<double>(values.size()));
  }
  std::vector<std::unique_ptr<std::vector<float>>> values_;
  std::vector<Parameter> parameters_;
};

// Deviations of 20,000 samples are within 3 % of what they are drawn with.
TEST_F(InitializeTest, EveryKindHasItsDeviation) {
  const auto& embedding = add("model.embed_tokens.weight", {500, 40});
  const auto& gain = add("model.layers.0.input_layernorm.weight", {40});
  const auto& q = add("model.layers.0.self_attn.q_proj.weight", {500, 40});
  const auto& o = add("model.layers.0.self_attn.o_proj.weight", {40, 500});
  const auto& experts = add("model.layers.0.mlp.experts.gate_proj", {5, 40, 100});
  const auto& bias = add("model.layers.0.mlp.gate.e_score_correction_bias", {40});
  initialize_parameters(parameters_, 1, {.embedding = 0.3, .hidden = 2, .residual = 0.5});
  EXPECT_NEAR(deviation(embedding), 0.3, 0.01);
  EXPECT_EQ(gain, std::vector<float>(40, 1.0f));
  EXPECT_NEAR(deviation(q), 2 / std::sqrt(40.0), 0.01);
  EXPECT_NEAR(deviation(o), 0.5 * 2 / std::sqrt(500.0), 0.002);
  EXPECT_NEAR(deviation(experts), 0.2, 0.006);
  EXPECT_EQ(bias, std::vector<float>(40, 0.0f));
  const auto first = q;
  initialize_parameters(parameters_, 2, {});
  EXPECT_NE(q, first);
  EXPECT_EQ(o, std::vector<float>(o.size(), 0.0f));
  initialize_parameters(parameters_, 1, {.embedding = 0.3, .hidden = 2, .residual = 0.5});
  EXPECT_EQ(q, first);
}

}  // namespace
}  // namespace pith
