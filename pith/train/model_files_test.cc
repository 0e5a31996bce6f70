#include "pith/train/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/test_folder.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class ModelFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = test_path("model_files");
    ASSERT_TRUE(save_model(*model_, byte_tokenizer(), folder_));
  }
  Json json(const std::string& name) const {
    return *parse_json(*read_file(folder_ + "/" + name), name);
  }
  // What load_model says once a field of config.json is another.
  std::string error_with(const char* field, int value) const {
    Json config = json("config.json");
    config.set(field, value);
    EXPECT_TRUE(write_file(folder_ + "/config.json", config.dump()));
    const auto loaded = load_model(folder_, {});
    return loaded ? "" : loaded.error().message;
  }

  std::string folder_;
  std::unique_ptr<Transformer> model_ = small_model();
};

TEST_F(ModelFilesTest, WhatWasSavedComesBackToTheBit) {
  const auto loaded = load_model(folder_, {.max_batch_tokens = 64});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->transformer->config(), model_->config());
  const auto before = model_->parameters(), after = loaded->transformer->parameters();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].name, before[i].name);
    EXPECT_TRUE(std::equal(before[i].value.begin(), before[i].value.end(), after[i].value.begin()))
        << before[i].name;
  }
  EXPECT_EQ(loaded->tokenizer.to_json(), byte_tokenizer().to_json());
}

TEST_F(ModelFilesTest, GenerationStopsAtTheEndOfADocumentAndOfATurn) {
  const JsonArray ends = json("generation_config.json")["eos_token_id"].items();
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_EQ(ends[0].as_int(), StandardSpecials::kEos);
  EXPECT_EQ(ends[1].as_int(), StandardSpecials::kEnd);
  EXPECT_EQ(json("generation_config.json")["bos_token_id"].as_int(), StandardSpecials::kBos);
}

TEST_F(ModelFilesTest, WhatDoesNotFitTogetherIsNamed) {
  const std::string wider = error_with("intermediate_size", 32);
  EXPECT_THAT(wider, HasSubstr("mlp.gate_proj.weight"));
  EXPECT_THAT(wider, HasSubstr("24"));
  EXPECT_THAT(wider, HasSubstr("32"));
  ASSERT_TRUE(save_model(*model_, byte_tokenizer(), folder_));
  EXPECT_THAT(error_with("num_hidden_layers", 3), HasSubstr("model.layers.2."));
  ASSERT_TRUE(save_model(*model_, byte_tokenizer(), folder_));
  EXPECT_THAT(error_with("vocab_size", 100), HasSubstr("do not belong together"));
}

TEST_F(ModelFilesTest, AWildConfigIsRefusedBeforeItTakesMemory) {
  rusage before = {}, after = {};
  ::getrusage(RUSAGE_SELF, &before);
  EXPECT_THAT(error_with("vocab_size", 1 << 21), HasSubstr("model.embed_tokens.weight"));
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10) << "KiB";
}

TEST_F(ModelFilesTest, AFolderThatIsNoModelIsRefused) {
  EXPECT_FALSE(load_model("/nowhere", {}));
  ASSERT_TRUE(std::filesystem::remove(folder_ + "/tokenizer.json"));
  const auto loaded = load_model(folder_, {});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("tokenizer.json"));
}

}  // namespace
}  // namespace pith
