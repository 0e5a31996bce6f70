#include "pith/worth/trainings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "pith/base/files.h"
#include "pith/worth/small_cells_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class TrainingsTest : public SmallCellsTest {
 protected:
  static Context with_threads(int threads) {
    Context context;
    context.threads = threads;
    return context;
  }

  std::vector<Training> trainings(const std::string& folder) const {
    std::vector<Training> list;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      Training training;
      training.options = cell(folder, 1000 + 500 * seed, seed);
      training.key = cell_key(training.options).value();
      training.what = "here";
      list.push_back(std::move(training));
    }
    return list;
  }
};

TEST_F(TrainingsTest, SideBySideOrOneByOneIsTheSame) {
  const auto alone = run_trainings(trainings("one"), with_threads(1));
  const auto together = run_trainings(trainings("three"), with_threads(3));
  ASSERT_TRUE(alone && together);
  ASSERT_EQ(alone->size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ((*alone)[i].bits_per_byte, (*together)[i].bits_per_byte);
    EXPECT_EQ((*alone)[i].tokens, (1000 + 500 * i + 63) / 64 * 64);
  }
  EXPECT_NE((*alone)[0].bits_per_byte, (*alone)[1].bits_per_byte);
}

TEST_F(TrainingsTest, ProgressCountsTheTokensOfAll) {
  Context context = with_threads(3);
  std::uint64_t last = 0, total = 0;
  context.on_progress = [&](const Progress& progress) {
    EXPECT_GE(progress.done, last);
    last = progress.done, total = progress.total;
  };
  ASSERT_TRUE(run_trainings(trainings("cells"), context));
  EXPECT_EQ(total, 10000u);
  EXPECT_EQ(last, total);
}

TEST_F(TrainingsTest, TheErrorThatStoppedAllIsTold) {
  auto list = trainings("cells");
  list[1].options.config.heads = 3;
  const auto result = run_trainings(list, with_threads(3));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("heads 3"));
}

TEST_F(TrainingsTest, AStopLeavesCheckpoints) {
  Context context = with_threads(2);
  std::atomic<bool> stop{false};
  context.stop = &stop;
  context.on_progress = [&](const Progress&) { stop = true; };
  const auto list = trainings("cells");
  const auto result = run_trainings(list, context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
  EXPECT_TRUE(file_exists(test_path("cells/" + list[0].key + "/training/checkpoint")));
}

}  // namespace
}  // namespace pith
