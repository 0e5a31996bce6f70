#include "pith/model/qwen3/qwen3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(Qwen3Test, HasTheTensorsOfTransformers) {
  EXPECT_EQ(names_of_layer(small_config("qwen3"), 1),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.q_norm "
            "self_attn.k_norm self_attn.o_proj post_attention_layernorm mlp.gate_proj mlp.up_proj "
            "mlp.down_proj ");
}

TEST(Qwen3Test, SlidingWindowsAreRefused) {
  Json json = to_json(small_config("qwen3"));
  json.set("use_sliding_window", true);
  const auto config = parse_model_config(json, "config.json");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("use_sliding_window is true"));
}

}  // namespace
}  // namespace pith
