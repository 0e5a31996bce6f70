#include "pith/nn/parameter_store.h"

#include <gtest/gtest.h>

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
