#include "pith/infer/served_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "pith/base/files.h"
#include "pith/formats/safetensors.h"
#include "pith/infer/session.h"
#include "pith/infer/testing/random_model.h"
#include "pith/text/chat_template.h"

namespace pith {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A whole model folder, which tests then damage.
class ServedModelTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "served_model_" + std::to_string(::getpid());
    ASSERT_TRUE(remove_tree(folder_).ok());
    ASSERT_TRUE(make_folders(folder_).ok());
    random_.save(folder_);
    ASSERT_TRUE(write_tokenizer_files(byte_tokenizer(), 300, folder_).ok());
  }
  void TearDown() override { ASSERT_TRUE(remove_tree(folder_).ok()); }

  std::string path(const char* name) const { return join_path(folder_, name); }
  void write(const char* name, std::string_view bytes) const {
    ASSERT_TRUE(write_file(path(name), bytes).ok());
  }
  std::string message() const {
    const auto result = ServedModel::load(folder_);
    return result.ok() ? "loaded" : result.error().message;
  }

  const RandomModel random_ = RandomModel::make(awkward_config(), 31);
  std::string folder_;
};

TEST_F(ServedModelTest, LoadsAFolderThatComputesTheSame) {
  const ServedModel served = ServedModel::load(folder_).value();
  const Model model = random_.model();
  Session loaded(served.model), made(model);
  const std::vector<int> ids = {0, 50, 100, 262, 7};
  const auto logits = loaded.prefill(ids).value(), expected = made.prefill(ids).value();
  EXPECT_TRUE(std::equal(logits.begin(), logits.end(), expected.begin(), expected.end()));
  EXPECT_EQ(served.bos_id, StandardSpecials::kBos);
  EXPECT_THAT(served.stop_ids,
              testing::UnorderedElementsAre(StandardSpecials::kEos, StandardSpecials::kEnd));
  EXPECT_THAT(served.special_ids,
              testing::ElementsAre(StandardSpecials::kBos, StandardSpecials::kPad,
                                   StandardSpecials::kSystem, StandardSpecials::kUser,
                                   StandardSpecials::kAssistant));
  EXPECT_EQ(served.chat_style, ChatStyle::kCompletion);
  EXPECT_EQ(served.encode_prompt("").size(), 1u);
  EXPECT_EQ(served.encode_prompt("<|end|>").size(), 8u);  // text, never a special token
}

TEST_F(ServedModelTest, TakesDefaultsFromGenerationConfig) {
  write("generation_config.json",
        R"({"eos_token_id": [1, 9], "temperature": 0.3, "top_k": 7, "pith_chat": "template"})");
  const ServedModel served = ServedModel::load(folder_).value();
  EXPECT_EQ(served.sampler.temperature, 0.3);
  EXPECT_EQ(served.sampler.top_k, 7);
  EXPECT_EQ(served.chat_style, ChatStyle::kTemplate);
  EXPECT_THAT(served.stop_ids, testing::UnorderedElementsAre(1, 9, StandardSpecials::kEnd));
  write("generation_config.json", R"({"pith_chat": "aloud"})");
  EXPECT_THAT(message(), AllOf(HasSubstr("pith_chat"), HasSubstr("aloud")));
}

TEST_F(ServedModelTest, ReadsShards) {
  std::vector<TensorToWrite> first, second;
  Json map = Json::object();
  for (const auto& [name, values] : random_.tensors) {
    auto& shard = first.size() < 5 ? first : second;
    map.set(name, &shard == &first ? "a.safetensors" : "b.safetensors");
    shard.push_back({name, DType::kF32, random_.shapes.at(name), std::as_bytes(std::span(values))});
  }
  ASSERT_TRUE(write_safetensors(path("a.safetensors"), first).ok());
  ASSERT_TRUE(write_safetensors(path("b.safetensors"), second).ok());
  Json index = Json::object();
  index.set("weight_map", std::move(map));
  write("model.safetensors.index.json", index.dump());
  ASSERT_TRUE(remove_tree(path("model.safetensors")).ok());
  EXPECT_EQ(message(), "loaded");
  ASSERT_TRUE(remove_tree(path("b.safetensors")).ok());
  EXPECT_THAT(message(), HasSubstr("b.safetensors"));
  write("model.safetensors.index.json", R"({"weight_map": {"x": "../a.safetensors"}})");
  EXPECT_THAT(message(), HasSubstr("in no file of this folder"));
  write("model.safetensors.index.json", R"({"weight_map": {}})");
  EXPECT_THAT(message(), HasSubstr("lack tensor"));
}

TEST_F(ServedModelTest, NamesWhatIsMissing) {
  EXPECT_THAT(ServedModel::load(folder_ + "/none").error().message, HasSubstr("is no folder"));
  EXPECT_THAT(ServedModel::load(path("config.json")).error().message, HasSubstr("is no folder"));
  for (const char* name : {"tokenizer.json", "model.safetensors", "config.json"}) {
    SetUp();
    ASSERT_TRUE(remove_tree(path(name)).ok());
    EXPECT_THAT(message(), HasSubstr(name));
  }
}

TEST_F(ServedModelTest, AWrongShapeNamesBoth) {
  RandomModel other = random_;
  other.config.intermediate_size = 51;  // the config says so, the weights have 50
  other.save(folder_);
  EXPECT_THAT(message(),
              AllOf(HasSubstr("gate_proj"), HasSubstr("[50, 36]"), HasSubstr("[51, 36]")));
}

TEST_F(ServedModelTest, AMissingTensorIsNamed) {
  RandomModel other = random_;
  other.tensors.erase("model.layers.1.mlp.up_proj.weight");
  other.save(folder_);
  EXPECT_THAT(message(), HasSubstr("model.layers.1.mlp.up_proj.weight"));
}

TEST_F(ServedModelTest, DamagedFilesAreErrorsNotCrashes) {
  const std::string weights = read_file(path("model.safetensors")).value();
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{5}, std::size_t{8}, std::size_t{100},
                                  weights.size() / 2, weights.size() - 1}) {
    write("model.safetensors", std::string_view(weights).substr(0, bytes));
    EXPECT_THAT(message(), HasSubstr("model.safetensors")) << bytes;
  }
  write("model.safetensors", std::string(1000, '\xff'));
  EXPECT_THAT(message(), HasSubstr("model.safetensors"));
  write("model.safetensors", "PK\x03\x04 what PyTorch wrote");
  EXPECT_THAT(message(), HasSubstr("model.safetensors"));
  write("model.safetensors", weights);
  EXPECT_EQ(message(), "loaded");
  for (const char* name : {"config.json", "tokenizer.json", "generation_config.json"}) {
    const std::string good =
        file_exists(path(name)) ? read_file(path(name)).value() : std::string("{}");
    for (const std::string_view bad : {"", "{", "[1]", "not json"}) {
      write(name, bad);
      EXPECT_THAT(message(), HasSubstr(name)) << bad;
    }
    write(name, good);
  }
}

TEST_F(ServedModelTest, ATokenizerLargerThanTheModelIsAnError) {
  std::vector<std::pair<int, int>> merges = {{7, 8}};
  const auto larger = Tokenizer::from_merges(merges, standard_special_tokens());
  ASSERT_TRUE(larger.ok());
  ASSERT_TRUE(larger->save(path("tokenizer.json")).ok());
  EXPECT_THAT(message(), AllOf(HasSubstr("264"), HasSubstr("263")));
}

}  // namespace
}  // namespace pith
