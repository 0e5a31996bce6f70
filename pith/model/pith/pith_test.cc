#include "pith/model/pith/pith.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::HasSubstr;

ModelConfig small() {
  return {.architecture = "pith",
          .vocab_size = 300,
          .hidden_size = 48,
          .intermediate_size = 100,
          .layers = 2,
          .heads = 4,
          .kv_heads = 4,
          .head_size = 12,
          .context = 128,
          .tie_embeddings = false,
          .max_ngram = 3,
          .ngram_rows = 1024};
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

TEST(PithTest, ConfigNamesTheClassesOfTheFileThatGoesWithIt) {
  const Json json = to_json(small());
  EXPECT_EQ(json["auto_map"]["AutoModelForCausalLM"].as_string(), "modeling_pith.PithForCausalLM");
  ASSERT_EQ(kPith.files.size(), 1u);
  EXPECT_THAT(std::string(kPith.files[0].content), HasSubstr("class PithForCausalLM("));
  EXPECT_EQ(parse_model_config(json, "config.json").value(), small());
}

}  // namespace
}  // namespace pith
