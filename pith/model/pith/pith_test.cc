#include "pith/model/pith/pith.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/layer_names_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  ModelConfig config = small_config("pith");
  config.kv_heads = 4;
  config.max_ngram = 3;
  config.ngram_rows = 1024;
  return config;
}

TEST(PithTest, ATableForEveryLengthFollowsTheEmbedding) {
  const auto shapes = parameter_shapes(small());
  EXPECT_EQ(shapes[0].name, "model.embed_tokens.weight");
  EXPECT_EQ(shapes[1].name, "model.ngram_embeddings.0.weight");
  EXPECT_EQ(shapes[2].name, "model.ngram_embeddings.1.weight");
  EXPECT_EQ(shapes[2].shape, (std::vector<std::int64_t>{1024, 48}));
  EXPECT_EQ(shapes[3].name, "model.layers.0.self_attn.q_proj.weight");
}

TEST(PithTest, TablesCostNoOperations) {
  ModelConfig without = small();
  without.max_ngram = 1;
  EXPECT_EQ(flops_per_token(small(), 64), flops_per_token(without, 64));
  EXPECT_EQ(count_parameters(small()), count_parameters(without) + 2 * 1024 * 48);
  EXPECT_EQ(count_active_parameters(small()), count_active_parameters(without) + 2 * 48);
}

TEST(PithTest, RowsAreAPowerOfTwo) {
  ModelConfig config = small();
  config.ngram_rows = 1000;
  const Status status = validate(config);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("power of two: 1000"));
}

TEST(PithTest, CountedNgramsAreNoParameters) {
  ModelConfig counted = small();
  counted.ngram_order = 4, counted.ngram_contexts = 70, counted.ngram_followers = 200;
  EXPECT_EQ(count_parameters(counted), count_parameters(small()));
  EXPECT_EQ(parse_model_config(to_json(counted), "config.json").value(), counted);
}

TEST(PithTest, AConfigWithoutCountedNgramsIsOneOfAnOlderFolder) {
  const Json json = to_json(small());
  Json older = Json::object();
  for (const auto& [name, value] : json.members()) {
    if (name.find("ngram_order") != 0 && name != "ngram_contexts" && name != "ngram_followers") {
      older.set(name, value);
    }
  }
  EXPECT_EQ(parse_model_config(older, "config.json").value(), small());
}

TEST(PithTest, SizesOfTheCountedTablesFitEachOther) {
  ModelConfig config = small();
  config.ngram_order = 5;
  EXPECT_TRUE(validate(config));  // nothing is counted yet
  config.ngram_contexts = 7;
  const Status status = validate(config);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("ngram_contexts 7, ngram_followers 0"));
  config.ngram_followers = 9;
  EXPECT_TRUE(validate(config));
  config.ngram_order = 0;
  EXPECT_FALSE(validate(config));
  config.ngram_order = 9;
  EXPECT_FALSE(validate(config));
}

TEST(PithTest, ConfigNamesTheClassesOfTheFileThatGoesWithIt) {
  const Json json = to_json(small());
  EXPECT_EQ(json["auto_map"]["AutoModelForCausalLM"].as_string(), "modeling_pith.PithForCausalLM");
  ASSERT_EQ(kPith.files.size(), 1u);
  EXPECT_THAT(std::string(kPith.files[0].content), HasSubstr("class PithForCausalLM("));
  EXPECT_EQ(parse_model_config(json, "config.json").value(), small());
}

}  // namespace
}  // namespace pith
