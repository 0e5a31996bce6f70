#include "pith/train/train_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

Result<TrainConfig> read(const std::string& text) {
  const std::string path = test_path("config.toml");
  EXPECT_TRUE(write_file(path, text));
  return read_train_config(path);
}

std::string error_of(const std::string& text) {
  const auto config = read(text);
  return config ? "" : config.error().message;
}

TEST(TrainConfigTest, ValuesAreReadAndTheRestStaysPlanned) {
  const auto config = read(
      "# a small one\n[model]\nhidden_size = 128\ntie_embeddings = false\n"
      "[training]\nlearning_rate = 1e-3\nclip = 2\noptimizer = \"adamw\"\nneuron_scaling = "
      "false\nprecision = \"int8\"\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->hidden_size, 128);
  EXPECT_EQ(config->layers, 0);
  EXPECT_EQ(config->tie_embeddings, false);
  EXPECT_EQ(config->learning_rate, 1e-3);
  EXPECT_EQ(config->clip, 2);
  EXPECT_EQ(config->beta1, 0.9);
  EXPECT_EQ(config->optimizer, "adamw");
  EXPECT_EQ(config->precision, "int8");
  EXPECT_FALSE(config->neuron_scaling);
  EXPECT_TRUE(config->cautious_decay);
}

TEST(TrainConfigTest, AnArchitectureHasFieldsOfItsOwn) {
  const auto config =
      read("[model]\narchitecture = \"nanochat\"\nfinal_logit_softcapping = 20\nhead_dim = 32\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->architecture, "nanochat");
  ASSERT_EQ(config->architecture_fields.size(), 2u);
  const Json json = to_json(*config);  // a training with other fields is another one
  EXPECT_EQ(json["architecture"].as_string(), "nanochat");
  EXPECT_EQ(json["final_logit_softcapping"].as_int(), 20);
  EXPECT_EQ(json["head_dim"].as_int(), 32);
  EXPECT_THAT(error_of("[model]\narchitecture = \"mamba\"\n"), HasSubstr("one of arcee, "));
  EXPECT_THAT(error_of("[model]\nhead_dim = \"wide\"\n"), HasSubstr("head_dim must be a number"));
  EXPECT_THAT(error_of("[model]\nvocab_size = 9\n"), HasSubstr("unknown name"));
}

TEST(TrainConfigTest, AnUnknownNameGivesItsLineAndWhatIsMostAlike) {
  const std::string error = error_of("[training]\nclip = 1\nlerning_rate = 1\n");
  EXPECT_THAT(error, HasSubstr("line 3"));
  EXPECT_THAT(error, HasSubstr("lerning_rate"));
  EXPECT_THAT(error, HasSubstr("did you mean [training] learning_rate"));
  EXPECT_THAT(error_of("[model]\nlearning_rate = 1\n"), HasSubstr("[training] learning_rate"));
  EXPECT_THAT(error_of("layers = 1\n"), HasSubstr("[model] layers"));
  EXPECT_THAT(error_of("[modell]\nlayers = 1\n"), HasSubstr("line 1"));
}

TEST(TrainConfigTest, WrongTypesAndRangesAreNamedWithTheirBounds) {
  EXPECT_THAT(error_of("[model]\nlayers = \"two\"\n"), HasSubstr("an integer from 1 to 1024"));
  EXPECT_THAT(error_of("[model]\nlayers = 2.5\n"), HasSubstr("line 2"));
  EXPECT_THAT(error_of("[model]\nlayers = 0\n"), HasSubstr("layers must be"));
  EXPECT_THAT(error_of("[model]\ntie_embeddings = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(error_of("[training]\noptimizer = \"sgd\"\n"),
              HasSubstr("line 2: optimizer must be \"muon\" or \"adamw\""));
  EXPECT_THAT(error_of("[training]\noptimizer = 1\n"), HasSubstr("optimizer must be"));
  EXPECT_THAT(error_of("[training]\noptimizer = \"\"\n"), HasSubstr("optimizer must be"));
  EXPECT_THAT(error_of("[training]\nprecision = \"float16\"\n"),
              HasSubstr("precision must be \"float32\" or \"bfloat16\" or \"int8\""));
  EXPECT_THAT(error_of("[training]\ncautious_decay = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(error_of("[training]\nlearning_rate = -1\n"), HasSubstr("learning_rate must be"));
  EXPECT_THAT(error_of("[training]\nlearning_rate = nan\n"), HasSubstr("learning_rate must be"));
  EXPECT_THAT(error_of("model = 3\n"), HasSubstr("[model]"));
}

TEST(TrainConfigTest, BrokenTomlGivesItsLine) {
  EXPECT_THAT(error_of("[model]\nlayers = = 2\n"), HasSubstr("line 2"));
  EXPECT_FALSE(read_train_config("/nowhere/config.toml"));
}

}  // namespace
}  // namespace pith
