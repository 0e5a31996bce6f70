#include "pith/model/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::AllOf;
using testing::HasSubstr;

ModelConfig small() {
  return {.vocab_size = 512,
          .hidden_size = 64,
          .intermediate_size = 176,
          .layers = 2,
          .heads = 4,
          .kv_heads = 2,
          .head_size = 16,
          .context = 256,
          .rope_theta = 50000,
          .norm_epsilon = 1e-6,
          .tie_embeddings = false,
          .bos_token_id = 0,
          .eos_token_id = 1,
          .pad_token_id = -1};
}

TEST(ModelConfigTest, WhatIsWrittenIsReadBack) {
  const auto json = parse_json(to_json(small()).dump(true), "config.json");
  ASSERT_TRUE(json) << json.error().message;
  const auto config = parse_model_config(*json, "config.json");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(*config, small());
}

TEST(ModelConfigTest, FieldsThatVersion4LeavesOutTakeTransformersDefaults) {
  const auto json = parse_json(R"({"model_type":"llama","vocab_size":32000,"hidden_size":288,
      "intermediate_size":768,"num_hidden_layers":6,"num_attention_heads":6,
      "rope_theta":500000.0,"eos_token_id":[2,3]})",
                               "config.json");
  const auto config = parse_model_config(*json, "config.json");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->kv_heads, 6);
  EXPECT_EQ(config->head_size, 48);
  EXPECT_EQ(config->rope_theta, 500000);
  EXPECT_EQ(config->norm_epsilon, 1e-6);
  EXPECT_FALSE(config->tie_embeddings);
  EXPECT_EQ(config->eos_token_id, 2);
  EXPECT_EQ(config->bos_token_id, -1);
}

std::string error_with(std::string_view field, Json value) {
  Json json = to_json(small());
  json.set(field, std::move(value));
  const auto config = parse_model_config(json, "m/config.json");
  return config ? "" : config.error().message;
}

TEST(ModelConfigTest, WhatIsNotServedIsNamed) {
  EXPECT_THAT(error_with("model_type", "mistral"),
              AllOf(HasSubstr("m/config.json: model_type"), HasSubstr("there are arcee, ")));
  EXPECT_THAT(error_with("vocab_size", Json()), HasSubstr("vocab_size is missing"));
  EXPECT_THAT(error_with("hidden_size", "64"), HasSubstr("hidden_size is no integer"));
  EXPECT_THAT(error_with("num_hidden_layers", std::int64_t{1} << 40), HasSubstr("num_hidden"));
  EXPECT_THAT(error_with("num_hidden_layers", 0), HasSubstr("num_hidden_layers is not from 1"));
  EXPECT_THAT(error_with("num_key_value_heads", 3), HasSubstr("no multiple"));
  EXPECT_THAT(error_with("head_dim", 15), HasSubstr("head_dim is odd"));
  EXPECT_THAT(error_with("hidden_act", "gelu"),
              HasSubstr("hidden_act is \"gelu\"; only \"silu\" is served"));
  EXPECT_THAT(error_with("mlp_bias", true), HasSubstr("mlp_bias is true"));
  EXPECT_THAT(error_with("rms_norm_eps", 0.0), HasSubstr("rms_norm_eps"));
  EXPECT_THAT(error_with("eos_token_id", 512), HasSubstr("eos_token_id is not from -1 to 511"));
  Json scaled = Json::object();
  scaled.set("rope_type", "yarn");
  EXPECT_THAT(error_with("rope_parameters", scaled), HasSubstr("rope_type is not served"));
}

}  // namespace
}  // namespace pith
