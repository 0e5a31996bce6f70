#include "pith/train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/formats/safetensors.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override { stir(1); }

  // Something else in every number.
  void stir(std::uint64_t seed) {
    Random random(seed);
    for (auto* numbers : {&weights_, &moment_}) {
      for (float& number : *numbers) number = static_cast<float>(random.normal());
    }
  }
  std::vector<StateTensor> tensors() {
    return {{"model.norm.weight", {2, 3}, weights_}, {"muon.momentum.x", {4}, moment_}};
  }
  CheckpointState state(std::int64_t step) const {
    return {.step = step,
            .seconds = 0.1,
            .loss_average = 1.0 / 3,
            .loss_variance = 1e-9,
            .skipped = 4,
            .skipped_in_a_row = 2,
            .job = "a job"};
  }
  Result<CheckpointState> read(const std::string& job = "a job") {
    warnings_.clear();
    return read_checkpoint(folder_, job, tensors(),
                           [&](std::string_view text) { warnings_.emplace_back(text); });
  }
  std::string path(const char* name) const { return join_path(folder_, name); }

  std::string folder_ = test_folder();
  std::vector<float> weights_ = std::vector<float>(6), moment_ = std::vector<float>(4);
  std::vector<std::string> warnings_;
};

TEST_F(CheckpointTest, EverythingComesBackToTheBit) {
  EXPECT_FALSE(has_checkpoint(folder_));
  const auto weights = weights_, moment = moment_;
  ASSERT_TRUE(write_checkpoint(folder_, state(41), tensors()));
  EXPECT_TRUE(has_checkpoint(folder_));
  stir(2);
  const auto back = read();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(weights_, weights);
  EXPECT_EQ(moment_, moment);
  EXPECT_EQ(back->step, 41);
  EXPECT_EQ(back->seconds, 0.1);
  EXPECT_EQ(back->loss_average, 1.0 / 3);
  EXPECT_EQ(back->loss_variance, 1e-9);
  EXPECT_EQ(back->skipped, 4);
  EXPECT_EQ(back->skipped_in_a_row, 2);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(CheckpointTest, OneOfAnotherTrainingOrShapeIsRefused) {
  ASSERT_TRUE(write_checkpoint(folder_, state(41), tensors()));
  const auto other = read("another job");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kInput);
  EXPECT_THAT(other.error().message, HasSubstr("another training"));
  std::vector<float> wider(8);
  const auto misfit =
      read_checkpoint(folder_, "a job", {{"model.norm.weight", {2, 4}, wider}}, [](auto) {});
  ASSERT_FALSE(misfit);
  EXPECT_THAT(misfit.error().message, HasSubstr("[2, 3]"));
  EXPECT_THAT(misfit.error().message, HasSubstr("[2, 4]"));
}

// A bit anywhere in the file, and a cut anywhere: the one before it is taken, and it is said.
TEST_F(CheckpointTest, WhateverIsDamagedTheOneBeforeIsTaken) {
  ASSERT_TRUE(write_checkpoint(folder_, state(40), tensors()));
  const auto weights = weights_, moment = moment_;
  stir(2);
  ASSERT_TRUE(write_checkpoint(folder_, state(41), tensors()));
  const std::string whole = *read_file(path("state.safetensors"));
  const auto expect_the_one_before = [&](const std::string& bytes, const std::string& what) {
    ASSERT_TRUE(write_file(path("state.safetensors"), bytes));
    stir(3);
    const auto back = read();
    ASSERT_TRUE(back) << what << ": " << back.error().message;
    EXPECT_EQ(back->step, 40) << what;
    EXPECT_EQ(weights_, weights) << what;
    EXPECT_EQ(moment_, moment) << what;
    ASSERT_EQ(warnings_.size(), 1u) << what;
    EXPECT_THAT(warnings_[0], HasSubstr("going on from previous.safetensors, at step 40"));
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    expect_the_one_before(flipped, "a bit of byte " + std::to_string(i));
  }
  for (std::size_t size = 0; size < whole.size(); size += 11) {
    expect_the_one_before(whole.substr(0, size), "cut to " + std::to_string(size));
  }
  ASSERT_TRUE(remove_tree(path("state.safetensors")));
  const auto lost = read();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->step, 40) << "a file that is lost";
}

TEST_F(CheckpointTest, WithoutAWholeOneItSaysWhatToRemove) {
  ASSERT_TRUE(write_checkpoint(folder_, state(40), tensors()));
  ASSERT_TRUE(write_checkpoint(folder_, state(41), tensors()));
  for (const char* name : {"state.safetensors", "previous.safetensors"}) {
    ASSERT_TRUE(write_file(path(name), "nonsense"));
  }
  const auto back = read();
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().kind, ErrorKind::kFormat);
  EXPECT_THAT(back.error().message, HasSubstr("state.safetensors"));
  EXPECT_THAT(back.error().message, HasSubstr("remove " + folder_));
}

// Between the two renames of write_checkpoint().
TEST_F(CheckpointTest, WhatWasNotYetRenamedIsTheNewest) {
  ASSERT_TRUE(write_checkpoint(folder_, state(40), tensors()));
  ASSERT_TRUE(write_checkpoint(folder_, state(41), tensors()));
  ASSERT_TRUE(rename_path(path("state.safetensors"), path("next.safetensors")));
  const auto back = read();
  ASSERT_TRUE(back);
  EXPECT_EQ(back->step, 41);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(CheckpointTest, AModelIsNoCheckpoint) {
  const std::vector<TensorToWrite> model = {
      {"model.norm.weight", DType::kF32, {2, 3}, std::as_bytes(std::span<const float>(weights_))}};
  ASSERT_TRUE(write_safetensors(path("state.safetensors"), model));
  const auto back = read();
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().message, HasSubstr("is no checkpoint"));
}

}  // namespace
}  // namespace pith
