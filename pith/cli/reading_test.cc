#include "pith/cli/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

Reading settle(const TrainOptions& train, int threads = 2) {
  Context context;
  context.threads = threads;
  EXPECT_TRUE(write_file(test_path("page.html"), std::string(5000, 'x')));
  const auto reading = settle_reading(test_path("out"), {test_path("page.html")}, train, context);
  EXPECT_TRUE(reading) << (reading ? "" : reading.error().message);
  return *reading;
}

TEST(ReadingTest, WhoGoesOnReadsTheSameWithAnyThreads) {
  TrainOptions train;
  train.budget_seconds = 600;
  const Reading first = settle(train);
  EXPECT_GT(first.tokens, 0u);
  EXPECT_EQ(first.read_bytes, 16 * first.keep_bytes);
  const Reading again = settle(train, 1);
  EXPECT_EQ(again.tokens, first.tokens);
  EXPECT_EQ(again.read_bytes, first.read_bytes);
}

TEST(ReadingTest, AnotherBudgetIsSettledAnew) {
  TrainOptions train;
  train.budget_seconds = 600;
  const Reading first = settle(train);
  train.budget_seconds = 600'000;
  EXPECT_GT(settle(train).tokens, 3 * first.tokens);
}

TEST(ReadingTest, TokensThatAreGivenNeedNoMachine) {
  TrainOptions train;
  train.tokens_to_train = 1000;
  const Reading reading = settle(train);
  EXPECT_EQ(reading.tokens, 1000u);
  EXPECT_EQ(reading.keep_bytes, 4000u);
  EXPECT_EQ(reading.read_bytes, 0u) << "all";
  EXPECT_FALSE(file_exists(test_path("out")));
  train.config.architecture = "pith";
  EXPECT_EQ(settle(train).keep_bytes, 24000u) << "more is counted than trained on";
}

TEST(ReadingTest, NothingIsWrittenForAnInputThatIsNotThere) {
  TrainOptions train;
  train.budget_seconds = 600;
  EXPECT_TRUE(settle_reading(test_path("out"), {test_path("missing")}, train, Context()));
  EXPECT_FALSE(file_exists(test_path("out")));
}

TEST(ReadingTest, SaysWhatIsRead) {
  ASSERT_TRUE(write_file(test_path("page.html"), std::string(5000, 'x')));
  EXPECT_THAT(
      describe({.tokens = 900, .read_bytes = 2000, .keep_bytes = 100}, {test_path("page.html")}),
      HasSubstr("2.00 kB of the input's 5.00 kB are read"));
  EXPECT_THAT(describe({.tokens = 900, .read_bytes = 0, .keep_bytes = 0}, {test_path("page.html")}),
              HasSubstr("all 5.00 kB of the input are read"));
}

}  // namespace
}  // namespace pith
