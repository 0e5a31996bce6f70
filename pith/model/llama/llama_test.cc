#include "pith/model/llama/llama.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  return {.architecture = "llama",
          .vocab_size = 300,
          .hidden_size = 48,
          .intermediate_size = 100,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 12,
          .context = 128,
          .tie_embeddings = false};
}

std::string names_of_layer_1() {
  std::string names;
  const std::string prefix = "model.layers.1.";
  for (const ParameterShape& parameter : parameter_shapes(small())) {
    if (parameter.name.rfind(prefix, 0) != 0) continue;
    names += parameter.name.substr(prefix.size(), parameter.name.size() - prefix.size() - 7) + " ";
  }
  return names;
}

TEST(LlamaTest, HasTheTensorsOfTransformers) {
  EXPECT_EQ(names_of_layer_1(),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj "
            "post_attention_layernorm mlp.gate_proj mlp.up_proj mlp.down_proj ");
}

TEST(LlamaTest, BiasesAreRefused) {
  Json json = to_json(small());
  json.set("attention_bias", true);
  const auto config = parse_model_config(json, "config.json");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("attention_bias is true; only false is served"));
}

}  // namespace
}  // namespace pith
