#include "pith/train/checkpoint_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CheckpointWriterTest : public testing::Test {
 protected:
  std::vector<StateTensor> tensors() {
    return {{"a", {static_cast<std::int64_t>(values_.size())}, values_}};
  }
  std::string folder_ = test_folder();
  std::vector<float> values_ = std::vector<float>(100'000, 1.0f);
};

// What is on disk is the moment of begin(), whatever the training does meanwhile.
TEST_F(CheckpointWriterTest, ChangesAfterBeginDoNotShow) {
  {
    CheckpointWriter writer(folder_);
    for (int step = 1; step <= 5; ++step) {
      std::fill(values_.begin(), values_.end(), static_cast<float>(step));
      ASSERT_TRUE(writer.begin({.step = step, .job = "job"}, tensors()));
      std::fill(values_.begin(), values_.end(), -1.0f);
    }
  }  // waits
  const auto state = read_checkpoint(folder_, "job", tensors(), [](auto) {});
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->step, 5);
  EXPECT_EQ(values_, std::vector<float>(values_.size(), 5.0f));
}

TEST_F(CheckpointWriterTest, MemoryThatWasReservedIsWhatItCopiesTo) {
  CheckpointWriter writer(folder_);
  writer.reserve(tensors());
  for (int step = 1; step <= 2; ++step) {
    writer.reserve(tensors());  // again, after begin() too: nothing
    std::fill(values_.begin(), values_.end(), static_cast<float>(step));
    ASSERT_TRUE(writer.begin({.step = step, .job = "job"}, tensors()));
  }
  ASSERT_TRUE(writer.wait());
  const auto state = read_checkpoint(folder_, "job", tensors(), [](auto) {});
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(values_, std::vector<float>(values_.size(), 2.0f));
}

// A disk that is full, by a bound on the size of files.
TEST_F(CheckpointWriterTest, AFullDiskIsSaidOnceAndTheLastOneStays) {
  CheckpointWriter writer(folder_);
  ASSERT_TRUE(writer.begin({.step = 1, .job = "job"}, tensors()));
  ASSERT_TRUE(writer.wait());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  ASSERT_TRUE(writer.begin({.step = 2, .job = "job"}, tensors()));
  const Status full = writer.begin({.step = 3, .job = "job"}, tensors());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("next.safetensors"));
  EXPECT_FALSE(writer.busy());
  EXPECT_TRUE(writer.wait());
  const auto state = read_checkpoint(folder_, "job", tensors(), [](auto) {});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->step, 1);
  EXPECT_EQ(list_files(folder_)->size(), 1u) << "half a file is left";
  ASSERT_TRUE(writer.begin({.step = 4, .job = "job"}, tensors())) << "with room again it goes on";
  ASSERT_TRUE(writer.wait());
}

}  // namespace
}  // namespace pith
