#include "pith/train/train_result.h"

#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

TEST(TrainResultTest, ReadsWhatWasWritten) {
  TrainResult result;
  result.parameters = 12345;
  result.active_parameters = 345;
  result.tokens = 1'000'000'000'000;
  result.bits_per_byte = 1.75;
  result.steps = 99;
  result.budget_seconds = 60;
  result.budget_seconds_spent = 59.5;
  result.sample = "\u4f60\u597d";
  ASSERT_TRUE(write_file(test_path("result.json"), to_json(result).dump()));
  const auto read = read_train_result(test_path("result.json"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->already_done);
  EXPECT_EQ(to_json(*read).dump(), to_json(result).dump());
  EXPECT_EQ(read->tokens, result.tokens);
  EXPECT_EQ(read->budget_seconds_spent, 59.5);
}

TEST(TrainResultTest, WhatIsOfABudgetIsLeftOutWithoutOne) {
  const std::string text = to_json(TrainResult()).dump();
  EXPECT_EQ(text.find("budget"), std::string::npos);
  EXPECT_EQ(text.find("joules"), std::string::npos);
  EXPECT_NE(text.find("skipped_steps"), std::string::npos);
}

TEST(TrainResultTest, AFileThatIsNoResultIsAnError) {
  EXPECT_FALSE(read_train_result(test_path("missing")));
  ASSERT_TRUE(write_file(test_path("half"), "{\"tokens\": 1"));
  EXPECT_FALSE(read_train_result(test_path("half")));
}

}  // namespace
}  // namespace pith
