#include "pith/model/arcee/arcee.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  return {.architecture = "arcee",
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

TEST(ArceeTest, HasTheTensorsOfTransformers) {
  EXPECT_EQ(names_of_layer_1(),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj "
            "post_attention_layernorm mlp.up_proj mlp.down_proj ");
}

TEST(ArceeTest, HeadsDivideTheWidthAsTransformersAsks) {
  ModelConfig config = small();
  config.heads = 5;
  config.kv_heads = 5;
  const Status status = validate(config);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("hidden_size is no multiple"));
}

}  // namespace
}  // namespace pith
