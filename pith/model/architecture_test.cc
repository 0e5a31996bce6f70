#include "pith/model/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::HasSubstr;

// What a training of this architecture would be given, and told nothing.
ModelConfig proposed(const Architecture& architecture) {
  ModelConfig config;
  config.architecture = architecture.model_type;
  config.vocab_size = 300;
  config.hidden_size = 64;
  config.intermediate_size = 176;
  config.layers = 3;
  config.heads = 4;
  config.context = 256;
  if (architecture.propose != nullptr) architecture.propose(config);
  architecture.fill_in(config);
  return config;
}

TEST(ArchitectureTest, EveryOneProposesAModelThatIsWrittenAndReadBack) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    const ModelConfig config = proposed(*architecture);
    const Status valid = validate(config);
    ASSERT_TRUE(valid) << valid.error().message;
    const auto json = parse_json(to_json(config).dump(true), "config.json");
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ((*json)["architectures"].items()[0].as_string(), architecture->class_name);
    const auto again = parse_model_config(*json, "config.json");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, config);
  }
}

TEST(ArchitectureTest, EveryOneListsEachTensorOnceAndALayerForEachLayer) {
  for (const Architecture* architecture : architectures()) {
    SCOPED_TRACE(std::string(architecture->model_type));
    const ModelConfig config = proposed(*architecture);
    EXPECT_EQ(network_of(config).layers.size(), 3u);
    std::set<std::string> names;
    for (const ParameterShape& parameter : parameter_shapes(config)) {
      EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
      EXPECT_GT(parameter.elements(), 0) << parameter.name;
    }
    EXPECT_EQ(names.count("lm_head.weight"), config.tie_embeddings ? 0u : 1u);
  }
}

TEST(ArchitectureTest, FieldsAreSetByTheirNamesWithinBounds) {
  const Architecture& llama = *find_architecture("llama");
  ModelConfig config = proposed(llama);
  ASSERT_TRUE(set_field(*find_field(llama, "head_dim"), 32, config));
  ASSERT_TRUE(set_field(*find_field(llama, "rope_theta"), 500000, config));
  ASSERT_TRUE(set_field(*find_field(llama, "tie_word_embeddings"), false, config));
  EXPECT_EQ(config.head_size, 32);
  EXPECT_EQ(config.rope_theta, 500000);
  EXPECT_FALSE(config.tie_embeddings);
  const auto error = [&](const char* name, const Json& value) {
    const Status status = set_field(*find_field(llama, name), value, config);
    return status ? "" : status.error().message;
  };
  EXPECT_THAT(error("head_dim", 0), HasSubstr("head_dim is not an integer from 2"));
  EXPECT_THAT(error("head_dim", 8.5), HasSubstr("head_dim is not an integer from 2"));
  EXPECT_THAT(error("rope_theta", "far"), HasSubstr("rope_theta is not a number from 1"));
  EXPECT_THAT(error("tie_word_embeddings", 1), HasSubstr("true or false"));
  EXPECT_EQ(find_field(llama, "final_logit_softcapping"), nullptr);
}

TEST(ArchitectureTest, AnUnknownOneIsRefusedWithTheNamesOfAll) {
  ModelConfig config = proposed(*find_architecture("llama"));
  config.architecture = "mamba";
  const Status status = validate(config);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("\"mamba\"; there are arcee, "));
}

}  // namespace
}  // namespace pith
