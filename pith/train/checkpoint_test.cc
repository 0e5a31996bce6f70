#include "pith/train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/safetensors.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CheckpointTest : public testing::Test {
 protected:
  // Something else in every number.
  static void stir(Transformer& model, AdamW& optimizer, std::uint64_t seed) {
    Random random(seed);
    const auto parameters = model.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (auto numbers :
           {parameters[i].value, optimizer.first_moment(i), optimizer.second_moment(i)}) {
        for (float& number : numbers) number = static_cast<float>(random.normal());
      }
    }
  }
  static std::vector<float> numbers_of(Transformer& model, AdamW& optimizer) {
    std::vector<float> all;
    const auto parameters = model.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (auto numbers :
           {parameters[i].value, optimizer.first_moment(i), optimizer.second_moment(i)}) {
        all.insert(all.end(), numbers.begin(), numbers.end());
      }
    }
    return all;
  }

  std::string path_ = test_path("checkpoint.safetensors");
  std::unique_ptr<Transformer> model_ = small_model();
  AdamW optimizer_{model_->parameters(), {}, 1};
  const CheckpointState state_{.step = 41, .seconds = 0.1, .loss_average = 1.0 / 3, .job = "a job"};
};

TEST_F(CheckpointTest, EverythingComesBackToTheBit) {
  stir(*model_, optimizer_, 1);
  const auto expected = numbers_of(*model_, optimizer_);
  ASSERT_TRUE(save_checkpoint(path_, state_, *model_, optimizer_));
  stir(*model_, optimizer_, 2);
  const auto state = load_checkpoint(path_, "a job", *model_, optimizer_);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(numbers_of(*model_, optimizer_), expected);
  EXPECT_EQ(optimizer_.steps(), 41);
  EXPECT_EQ(state->step, 41);
  EXPECT_EQ(state->seconds, 0.1);
  EXPECT_EQ(state->loss_average, 1.0 / 3);
}

TEST_F(CheckpointTest, WhatIsOfAnotherTrainingOrDamagedIsRefused) {
  ASSERT_TRUE(save_checkpoint(path_, state_, *model_, optimizer_));
  const auto other = load_checkpoint(path_, "another job", *model_, optimizer_);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kInput);
  EXPECT_THAT(other.error().message, HasSubstr("another training"));

  // The same job, they say, but of another shape.
  ModelConfig config = small_config();
  config.intermediate_size = 32;
  const auto wider = small_model(config);
  AdamW optimizer(wider->parameters(), {}, 1);
  const auto misfit = load_checkpoint(path_, "a job", *wider, optimizer);
  ASSERT_FALSE(misfit);
  EXPECT_THAT(misfit.error().message, HasSubstr("24"));
  EXPECT_THAT(misfit.error().message, HasSubstr("32"));

  const std::string whole = *read_file(path_);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    ASSERT_TRUE(write_file(path_, whole.substr(0, size)));
    const auto cut = load_checkpoint(path_, "a job", *model_, optimizer_);
    ASSERT_FALSE(cut) << size;
    EXPECT_THAT(cut.error().message, HasSubstr(path_));
  }
  EXPECT_FALSE(load_checkpoint("/nowhere/state.safetensors", "a job", *model_, optimizer_));
}

TEST_F(CheckpointTest, AModelIsNoCheckpoint) {
  std::vector<TensorToWrite> tensors;
  for (const Parameter& p : model_->parameters()) {
    tensors.push_back({p.name, DType::kF32, p.shape, std::as_bytes(p.value)});
  }
  ASSERT_TRUE(write_safetensors(path_, tensors));
  const auto state = load_checkpoint(path_, "a job", *model_, optimizer_);
  ASSERT_FALSE(state);
  EXPECT_THAT(state.error().message, HasSubstr("is no checkpoint"));
}

}  // namespace
}  // namespace pith
