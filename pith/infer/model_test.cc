#include "pith/infer/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <map>
#include <set>

#include "pith/base/files.h"
#include "pith/formats/safetensors.h"
#include "pith/infer/testing/random_model.h"
#include "pith/model/parameters.h"

namespace pith {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ModelTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(make_folders(folder_).ok()); }
  void TearDown() override { ASSERT_TRUE(remove_tree(folder_).ok()); }
  std::string message() const {
    const auto model = Model::load(folder_);
    return model ? "loaded" : model.error().message;
  }

  const std::string folder_ = testing::TempDir() + "model_" + std::to_string(::getpid());
};

ModelConfig config_with(bool tied) {
  ModelConfig config = awkward_config();
  config.tie_embeddings = tied;
  return config;
}

TEST_F(ModelTest, AsksForEveryTensorOnceInItsShape) {
  for (const bool tied : {false, true}) {
    const ModelConfig config = config_with(tied);
    std::map<std::string, std::vector<std::int64_t>> asked, expected;
    std::size_t elements = 0;
    const auto model = Model::from_source(
        config,
        [&](std::string_view name, std::span<const std::int64_t> shape,
            std::span<float> out) -> Status {
          elements += out.size();
          EXPECT_TRUE(asked.emplace(name, std::vector(shape.begin(), shape.end())).second) << name;
          return {};
        });
    ASSERT_TRUE(model);
    for (const ParameterShape& one : parameter_shapes(config)) expected[one.name] = one.shape;
    EXPECT_EQ(asked, expected);
    EXPECT_EQ(model->parameters(), elements);
    EXPECT_EQ(model->parameters(), static_cast<std::size_t>(count_parameters(config)));
  }
}

TEST_F(ModelTest, EmbedsARowOfTheTable) {
  for (const bool tied : {false, true}) {
    const RandomModel random = RandomModel::make(config_with(tied), 3);
    const Model model = random.model();
    const auto& table = random.tensors.at("model.embed_tokens.weight");
    std::vector<float> row(36);
    for (const int id : {0, 17, 262}) {
      model.embed({&id, 1}, row);
      EXPECT_TRUE(std::equal(row.begin(), row.end(), table.begin() + id * 36)) << id;
    }
  }
}

TEST_F(ModelTest, TheErrorOfTheSourceIsHandedOn) {
  const auto model = Model::from_source(
      awkward_config(),
      [](std::string_view name, std::span<const std::int64_t>, std::span<float>) -> Status {
        if (name == "model.layers.1.self_attn.v_proj.weight") return io_error("the disk is gone");
        return {};
      });
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().message, "the disk is gone");
}

// A float whose lower half is zero is a bfloat16, bit by bit.
TEST_F(ModelTest, ReadsBfloat16) {
  RandomModel random = RandomModel::make(awkward_config(), 5);
  std::map<std::string, std::vector<std::uint16_t>> halves;
  std::vector<TensorToWrite> list;
  for (auto& [name, values] : random.tensors) {
    std::vector<std::uint16_t>& half = halves[name];
    for (float& value : values) {
      half.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16));
      value = std::bit_cast<float>(std::uint32_t{half.back()} << 16);
    }
    list.push_back({name, DType::kBF16, random.shapes.at(name), std::as_bytes(std::span(half))});
  }
  random.save(folder_);
  const Model expected = random.model();
  ASSERT_TRUE(write_safetensors(join_path(folder_, "model.safetensors"), list).ok());
  const auto model = Model::load(folder_);
  ASSERT_TRUE(model) << model.error().message;
  std::vector<float> row(36), expected_row(36);
  for (std::size_t i = 0; i < 263; ++i) {
    model->output_head().copy_row(i, row);
    expected.output_head().copy_row(i, expected_row);
    ASSERT_EQ(row, expected_row);
  }
  EXPECT_EQ(model->final_norm(), expected.final_norm());
}

TEST_F(ModelTest, CountedNgramsComeWithTheFolder) {
  ModelConfig config = awkward_config();
  config.architecture = "pith", config.kv_heads = 6;
  config.final_logit_softcapping = 0, config.max_ngram = 2, config.ngram_rows = 64;
  const Interpolation interpolation = random_interpolation(263, 5, 1);
  const NgramTables& tables = interpolation.model.tables();
  config.ngram_order = 4;
  config.ngram_contexts = static_cast<int>(tables.contexts.size());
  config.ngram_followers = static_cast<int>(tables.tokens.size());
  RandomModel random = RandomModel::make(config, 8);
  random.save(folder_);
  EXPECT_THAT(message(), HasSubstr("ngrams.unigrams is missing"));
  random.interpolation = interpolation;
  random.save(folder_);
  const auto model = Model::load(folder_);
  ASSERT_TRUE(model) << model.error().message;
  ASSERT_NE(model->interpolation(), nullptr);
  EXPECT_EQ(model->interpolation()->model.tables().shares, tables.shares);
  EXPECT_EQ(model->interpolation()->weights.network, interpolation.weights.network);
  EXPECT_EQ(model->parameters(), random.model().parameters());

  ++random.config.ngram_followers;
  random.save(folder_);
  EXPECT_THAT(message(),
              HasSubstr("config.json calls for " + std::to_string(tables.contexts.size()) +
                        " and " + std::to_string(tables.tokens.size() + 1)));
  random.config.ngram_order = random.config.ngram_contexts = random.config.ngram_followers = 0;
  random.save(folder_);
  EXPECT_EQ(Model::load(folder_)->interpolation(), nullptr);
}

// The largest numbers that a config.json may hold ask for terabytes; the weights do not have them.
TEST_F(ModelTest, AWildConfigIsRefusedBeforeMemoryIsTaken) {
  RandomModel random = RandomModel::make(awkward_config(), 6);
  random.config.vocab_size = 4000000;
  random.config.hidden_size = 65536;
  random.config.intermediate_size = 1048576;
  random.save(folder_);
  EXPECT_THAT(message(), AllOf(HasSubstr("model.embed_tokens.weight"), HasSubstr("[263, 36]"),
                               HasSubstr("[4000000, 65536]")));
  random.config = awkward_config();
  random.config.layers = 1024;
  random.save(folder_);
  EXPECT_THAT(message(), HasSubstr("lack tensor model.layers.2."));
}

}  // namespace
}  // namespace pith
