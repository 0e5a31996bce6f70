#include "pith/train/budget_now.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(BudgetNowTest, CoreHoursAreDividedAmongThreads) {
  TrainOptions options;
  Context context;
  context.threads = 4;
  options.budget_core_seconds = 1200;
  const auto now = budget_now(options, context);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->seconds, 300);
  EXPECT_EQ(now->watts, 0);
  EXPECT_EQ(now->text, "budget: 5 m 00 s of 4 threads");
  options.budget_core_seconds = 0;
  options.budget_seconds = 90;
  EXPECT_EQ(budget_now(options, context)->seconds, 90);
  EXPECT_EQ(budget_now(options, context)->text, "");
  options.budget_seconds = 0;
  EXPECT_EQ(budget_now(options, context)->seconds, 0);
}

TEST(BudgetNowTest, JoulesLastAsLongAsTheWattsUnderLoadSay) {
  const std::string zone = test_path("intel-rapl:0");
  ASSERT_TRUE(make_folders(zone));
  ASSERT_TRUE(write_file(zone + "/name", "package-0\n"));
  ASSERT_TRUE(write_file(zone + "/energy_uj", "0\n"));
  ASSERT_TRUE(write_file(zone + "/max_energy_range_uj", "1000000000\n"));
  auto meter = EnergyMeter::open(test_folder());
  ASSERT_TRUE(meter);
  TrainOptions options;
  options.energy = std::move(*meter);
  options.budget_joules = 1000;
  options.budget_spent = 7;
  const auto still = budget_now(options, {});
  ASSERT_FALSE(still);
  EXPECT_THAT(still.error().message, HasSubstr("stand still"));

  // 100 J come while it looks, over half a second or somewhat more: 200 W or somewhat less.
  std::atomic<bool> written{false};
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    written = bool(write_file(zone + "/energy_uj", "100000000\n"));
  });
  const auto now = budget_now(options, {});
  user.join();
  ASSERT_TRUE(written);
  ASSERT_TRUE(now) << now.error().message;
  EXPECT_GT(now->watts, 0);
  EXPECT_LE(now->watts, 200);
  EXPECT_DOUBLE_EQ(now->seconds, 7 + 0.5 + 900 / now->watts);
  EXPECT_THAT(now->text, HasSubstr("budget: about "));
}

}  // namespace
}  // namespace pith
