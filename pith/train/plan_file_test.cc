#include "pith/train/plan_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/test_folder.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

PlanFile some_file() {
  PlanFile file;
  TrainPlan& plan = file.plan;
  plan.model = small_config();
  plan.T = 16;
  plan.B = plan.rows_at_once = 2;
  plan.steps = 100;
  plan.warmup_steps = 5;
  plan.decay_steps = 95;
  plan.learning_rate = 1;
  plan.evaluate_every = plan.sample_every = 10;
  file.manifest.program = "test";
  file.manifest.options.set("budget_seconds", 40);
  return file;
}

TEST(PlanFileTest, APlanComesBackWithItsRevisions) {
  const std::string path = test_path("plan.json");
  PlanFile file = some_file();
  file.plan.revise({20, 60});
  file.plan.revise({30, 80});
  file.settled = true;
  file.spent_before = 7.5;
  ASSERT_TRUE(write_plan_file(file, path));
  const auto back = find_plan_file(path, file.manifest, "OUT");
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_TRUE(back->has_value());
  const TrainPlan& plan = (*back)->plan;
  EXPECT_TRUE((*back)->settled);
  EXPECT_EQ((*back)->spent_before, 7.5);
  EXPECT_EQ(plan.steps, 80);
  EXPECT_EQ(plan.first_steps(), 100);
  EXPECT_EQ(plan.revisions, file.plan.revisions);
  for (std::int64_t step = 0; step < 80; ++step) {
    EXPECT_EQ(plan.learning_rate_at(step), file.plan.learning_rate_at(step)) << step;
  }
  const auto none = find_plan_file(test_path("none.json"), file.manifest, "OUT");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST(PlanFileTest, AnotherTrainingsPlanIsRefused) {
  const std::string path = test_path("plan.json");
  PlanFile file = some_file();
  ASSERT_TRUE(write_plan_file(file, path));
  file.manifest.options.set("budget_seconds", 60);
  const auto other = find_plan_file(path, file.manifest, "OUT");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("OUT: holds another training"));
}

TEST(PlanFileTest, RevisionsThatCannotBeAreRefused) {
  const std::string path = test_path("plan.json");
  for (const std::vector<Revision>& revisions : {
           std::vector<Revision>{{0, 50}},
           std::vector<Revision>{{20, 20}},
           std::vector<Revision>{{20, 60}, {20, 70}},
           std::vector<Revision>{{20, 60}, {60, 70}},
       }) {
    PlanFile file = some_file();
    for (const Revision& revision : revisions) file.plan.revise(revision);
    ASSERT_TRUE(write_plan_file(file, path));
    const auto back = find_plan_file(path, file.manifest, "OUT");
    ASSERT_FALSE(back);
    EXPECT_THAT(back.error().message, HasSubstr("is no plan of a training"));
  }
}

}  // namespace
}  // namespace pith
