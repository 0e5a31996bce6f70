#include "pith/model/nanochat/nanochat.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

TEST(NanochatTest, HasTheTensorsOfTransformersAndNoGains) {
  EXPECT_EQ(names_of_layer(small_config("nanochat"), 1),
            "self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj mlp.fc1 mlp.fc2 ");
}

// As transformers writes it: null is "none", and what is left out is 15.
TEST(NanochatTest, SoftcapMayBeNullOrLeftOut) {
  const auto softcap = [](const Json& json) {
    return parse_model_config(json, "config.json").value().final_logit_softcapping;
  };
  Json json = to_json(small_config("nanochat"));
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
