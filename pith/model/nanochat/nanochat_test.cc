#include "pith/model/nanochat/nanochat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  return {.architecture = "nanochat",
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

TEST(NanochatTest, HasTheTensorsOfTransformersAndNoGains) {
  EXPECT_EQ(names_of_layer_1(),
            "self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj mlp.fc1 mlp.fc2 ");
}

// As transformers writes it: null is "none", and what is left out is 15.
TEST(NanochatTest, SoftcapMayBeNullOrLeftOut) {
  const auto softcap = [](const Json& json) {
    return parse_model_config(json, "config.json").value().final_logit_softcapping;
  };
  Json json = to_json(small());
  EXPECT_TRUE(json["final_logit_softcapping"].is_null());
  EXPECT_EQ(softcap(json), 0);
  json.set("final_logit_softcapping", 20.0);
  EXPECT_EQ(softcap(json), 20);
  std::string text = json.dump();
  text.replace(text.find("final_logit_softcapping"), 5, "other");
  EXPECT_EQ(softcap(parse_json(text, "config.json").value()), 15);
}

}  // namespace
}  // namespace pith
