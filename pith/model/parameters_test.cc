#include "pith/model/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pith {
namespace {

ModelConfig small() {
  return {.vocab_size = 100,
          .hidden_size = 8,
          .intermediate_size = 24,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 6,
          .context = 32,
          .tie_embeddings = true};
}

TEST(ParametersTest, CountsEveryTensorOnce) {
  const int layer = 8 + 24 * 8 + 12 * 8 + 12 * 8 + 8 * 24 + 8 + 24 * 8 + 24 * 8 + 8 * 24;
  EXPECT_EQ(count_parameters(small()), 100 * 8 + 2 * layer + 8);
  ModelConfig untied = small();
  untied.tie_embeddings = false;
  EXPECT_EQ(count_parameters(untied), 2 * 100 * 8 + 2 * layer + 8);
}

TEST(ParametersTest, WhatMultipliesTheSameInputStandsSideBySide) {
  const auto list = parameter_shapes(small());
  const auto place = [&](const char* name) {
    return std::find_if(list.begin(), list.end(), [&](auto& p) { return p.name == name; }) -
           list.begin();
  };
  const auto q = place("model.layers.1.self_attn.q_proj.weight");
  EXPECT_EQ(place("model.layers.1.self_attn.k_proj.weight"), q + 1);
  EXPECT_EQ(place("model.layers.1.self_attn.v_proj.weight"), q + 2);
  EXPECT_EQ(place("model.layers.1.mlp.up_proj.weight"),
            place("model.layers.1.mlp.gate_proj.weight") + 1);
}

TEST(ParametersTest, ATiedHeadCostsWhatAnUntiedOneDoes) {
  ModelConfig untied = small();
  untied.tie_embeddings = false;
  EXPECT_EQ(flops_per_token(small(), 10), flops_per_token(untied, 10));
  // Attention: 12 flops per layer, query width and position attended to.
  EXPECT_EQ(flops_per_token(small(), 11) - flops_per_token(small(), 10), 12 * 2 * 24);
}

}  // namespace
}  // namespace pith
