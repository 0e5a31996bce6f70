#include "pith/nn/parameter_store.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pith {
namespace {

ModelConfig config() {
  return {.vocab_size = 100,
          .hidden_size = 32,
          .intermediate_size = 48,
          .layers = 8,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 8,
          .context = 32};
}

double deviation(std::span<const float> values) {
  double squares = 0;
  for (const float value : values) squares += static_cast<double>(value) * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

TEST(ParameterStoreTest, EveryTensorStartsAsItsKindDoes) {
  ParameterStore store(config());
  store.initialize(3, config().layers);
  for (const Parameter& parameter : store.parameters()) {
    if (!parameter.is_matrix()) {
      for (const float value : parameter.value) ASSERT_EQ(value, 1.0f) << parameter.name;
      continue;
    }
    const bool residual = parameter.name.find("o_proj") != std::string::npos ||
                          parameter.name.find("down_proj") != std::string::npos;
    // A deviation from n numbers is off by about 1 / sqrt(2 n); n is at least 512.
    EXPECT_NEAR(deviation(parameter.value), residual ? 0.005 : 0.02, residual ? 0.0006 : 0.0024)
        << parameter.name;
  }
}

TEST(ParameterStoreTest, WhatIsUsedAsOneStandsSideBySide) {
  ParameterStore store(config());
  store.next();                        // embedding
  store.next();                        // norm
  const Weight qkv = store.next(2);    // queries, keys, values
  const Weight output = store.next();  // what follows
  EXPECT_EQ(output.value, qkv.value + (4 + 2 + 2) * 8 * 32);
  EXPECT_EQ(output.gradient, qkv.gradient + (4 + 2 + 2) * 8 * 32);
  EXPECT_EQ(store.taken(), 6u);
}

}  // namespace
}  // namespace pith
