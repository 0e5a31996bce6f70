#include "pith/formats/model_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

const std::vector<float> kValues = {1, 2, 3, 4};

ModelFolderContent example() {
  ModelFolderContent content;
  content.config.set("model_type", "llama");
  content.generation_config.set("eos_token_id", 1);
  content.tensors = {{"w", DType::kF32, {2, 2}, std::as_bytes(std::span(kValues))}};
  content.files = {{"tokenizer.json", "{}"}};
  return content;
}

std::string error_of(const std::string& folder) {
  const auto model = ModelFolder::open(folder);
  return model ? "" : model.error().message;
}

TEST(ModelFolderTest, WhatIsWrittenIsRead) {
  const std::string folder = test_path("round_trip");
  ASSERT_TRUE(write_model_folder(folder, example()));
  for (const char* name :
       {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json"}) {
    EXPECT_TRUE(file_exists(join_path(folder, name))) << name;
  }
  const auto model = ModelFolder::open(folder);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->config()["model_type"].as_string(), "llama");
  std::vector<float> out(4);
  const std::vector<std::int64_t> shape = {2, 2};
  ASSERT_TRUE(model->read_floats("w", shape, out));
  EXPECT_EQ(out, kValues);
  const Status missing = model->read_floats("v", shape, out);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("has no tensor \"v\""));
}

TEST(ModelFolderTest, ShardsOfAnIndexAreReadTogether) {
  const std::string folder = test_path("shards");
  ASSERT_TRUE(write_model_folder(folder, example()));
  ASSERT_TRUE(rename_path(folder + "/model.safetensors", folder + "/one.safetensors"));
  const std::vector<TensorToWrite> more = {
      {"v", DType::kF32, {4}, std::as_bytes(std::span(kValues))}};
  ASSERT_TRUE(write_safetensors(folder + "/two.safetensors", more));
  const std::string index = folder + "/model.safetensors.index.json";
  ASSERT_TRUE(
      write_file(index, R"({"weight_map": {"w": "one.safetensors", "v": "two.safetensors"}})"));
  const auto model = ModelFolder::open(folder);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_NE(model->find("w"), nullptr);
  EXPECT_NE(model->find("v"), nullptr);
  ASSERT_TRUE(write_file(index, R"({"weight_map": {"w": "../one.safetensors"}})"));
  EXPECT_THAT(error_of(folder), HasSubstr("lies in no file of this folder"));
}

TEST(ModelFolderTest, TheModelOfARunIsFoundInside) {
  const std::string folder = test_path("inside");
  ASSERT_TRUE(write_model_folder(folder + "/model", example()));
  EXPECT_EQ(find_model_folder(folder), folder + "/model");
  EXPECT_EQ(find_model_folder(folder + "/model"), folder + "/model");
  EXPECT_EQ(find_model_folder(folder + "/none"), folder + "/none");
  ASSERT_TRUE(write_model_folder(folder, example()));
  EXPECT_EQ(find_model_folder(folder), folder);
}

TEST(ModelFolderTest, OtherFoldersAreRefused) {
  const std::string folder = test_path("other");
  EXPECT_THAT(error_of(folder), HasSubstr("is no folder"));
  ASSERT_TRUE(make_folders(folder));
  EXPECT_THAT(error_of(folder), HasSubstr("config.json"));
  ASSERT_TRUE(write_file(folder + "/config.json", "{"));
  EXPECT_THAT(error_of(folder), HasSubstr("config.json"));
  ASSERT_TRUE(write_file(folder + "/config.json", "{}"));
  EXPECT_THAT(error_of(folder), HasSubstr("model.safetensors"));
  ASSERT_TRUE(write_file(folder + "/model.safetensors", "nonsense"));
  EXPECT_THAT(error_of(folder), HasSubstr("model.safetensors"));
}

}  // namespace
}  // namespace pith
