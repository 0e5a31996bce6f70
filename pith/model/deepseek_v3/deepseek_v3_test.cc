#include "pith/model/deepseek_v3/deepseek_v3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  ModelConfig config = {.architecture = "deepseek_v3",
                        .vocab_size = 300,
                        .hidden_size = 64,
                        .intermediate_size = 160,
                        .layers = 2,
                        .heads = 4,
                        .context = 128,
                        .tie_embeddings = false};
  kDeepseekV3.propose(config);
  config.n_routed_experts = 2;
  config.num_experts_per_tok = 1;
  return config;
}

TEST(DeepseekV3Test, HasTheTensorsOfTransformersWithExpertsOneByOne) {
  ModelConfig config = small();
  const std::string experts =
      "post_attention_layernorm mlp.gate mlp.gate.e_score_correction_bias "
      "mlp.experts.0.gate_proj mlp.experts.0.up_proj mlp.experts.0.down_proj "
      "mlp.experts.1.gate_proj mlp.experts.1.up_proj mlp.experts.1.down_proj "
      "mlp.shared_experts.gate_proj mlp.shared_experts.up_proj mlp.shared_experts.down_proj ";
  const std::string attention =
      "input_layernorm self_attn.q_proj self_attn.kv_a_proj_with_mqa self_attn.kv_a_layernorm "
      "self_attn.kv_b_proj self_attn.o_proj ";
  EXPECT_EQ(names_of_layer(config, 0), attention +
                                           "post_attention_layernorm mlp.gate_proj mlp.up_proj "
                                           "mlp.down_proj ");
  EXPECT_EQ(names_of_layer(config, 1), attention + experts);
  EXPECT_EQ(names_of_layer(config, 2), "");

  config.q_lora_rank = 24;
  config.num_nextn_predict_layers = 1;
  EXPECT_EQ(names_of_layer(config, 2),
            "enorm hnorm eh_proj input_layernorm self_attn.q_a_proj self_attn.kv_a_proj_with_mqa "
            "self_attn.q_a_layernorm self_attn.q_b_proj self_attn.kv_a_layernorm "
            "self_attn.kv_b_proj self_attn.o_proj " +
                experts + "shared_head.norm ");
  EXPECT_EQ(copied_tensors(config)[1],
            (std::pair<std::string, std::string>{"model.layers.2.shared_head.head.weight",
                                                 "lm_head.weight"}));
}

TEST(DeepseekV3Test, ATokenPaysForTheExpertsThatItGoesTo) {
  ModelConfig few = small(), many = small();
  few.n_routed_experts = 4;
  many.n_routed_experts = 64;
  EXPECT_GT(count_parameters(many), 3 * count_parameters(few));
  // Only the router grows with the number of experts.
  EXPECT_EQ(flops_per_token(many, 10) - flops_per_token(few, 10), 6.0 * 60 * 64);
}

TEST(DeepseekV3Test, WhatIsNotSupportedOrDoesNotFitIsNamed) {
  const auto error = [](const char* field, const Json& value) {
    Json json = to_json(small());
    json.set(field, value);
    const auto config = parse_model_config(json, "config.json");
    return config ? "" : config.error().message;
  };
  EXPECT_THAT(error("scoring_func", "softmax"), HasSubstr("scoring_func is \"softmax\""));
  EXPECT_THAT(error("rope_interleave", false), HasSubstr("rope_interleave is false"));
  EXPECT_THAT(error("qk_rope_head_dim", 7), HasSubstr("qk_rope_head_dim is odd"));
  EXPECT_THAT(error("num_experts_per_tok", 3), HasSubstr("above the 2 experts"));
  EXPECT_THAT(error("n_group", 2), HasSubstr("groups of at least two"));
  EXPECT_THAT(error("num_nextn_predict_layers", 2), HasSubstr("is not from 0 to 1"));
  EXPECT_THAT(error("kv_lora_rank", Json()), HasSubstr("kv_lora_rank is missing"));
  EXPECT_EQ(error("q_lora_rank", Json()), "");
}

}  // namespace
}  // namespace pith
