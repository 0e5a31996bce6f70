#include "pith/model/llama/llama.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(LlamaTest, HasTheTensorsOfTransformers) {
  EXPECT_EQ(names_of_layer(small_config("llama"), 1),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj "
            "post_attention_layernorm mlp.gate_proj mlp.up_proj mlp.down_proj ");
}

TEST(LlamaTest, BiasesAreRefused) {
  Json json = to_json(small_config("llama"));
  json.set("attention_bias", true);
  const auto config = parse_model_config(json, "config.json");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("attention_bias is true; only false is served"));
}

}  // namespace
}  // namespace pith
