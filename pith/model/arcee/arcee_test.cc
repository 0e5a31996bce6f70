#include "pith/model/arcee/arcee.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(ArceeTest, HasTheTensorsOfTransformers) {
  EXPECT_EQ(names_of_layer(small_config("arcee"), 1),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj "
            "post_attention_layernorm mlp.up_proj mlp.down_proj ");
}

TEST(ArceeTest, HeadsDivideTheWidthAsTransformersAsks) {
  ModelConfig config = small_config("arcee");
  config.heads = 5;
  config.kv_heads = 5;
  const Status status = validate(config);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("hidden_size is no multiple"));
}

}  // namespace
}  // namespace pith
