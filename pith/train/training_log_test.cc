#include "pith/train/training_log.h"

#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

std::vector<Json> lines_of(const std::string& folder) {
  std::vector<Json> lines;
  const std::string text = *read_file(folder + "/log.jsonl");
  for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    lines.push_back(*parse_json(text.substr(begin, end - begin), "log"));
  }
  return lines;
}

TEST(TrainingLogTest, GoingOnTakesBackLaterStepsAndTornLines) {
  const std::string folder = test_folder();
  {
    auto log = TrainingLog::open(folder, 0);
    ASSERT_TRUE(log);
    for (int step = 1; step <= 5; ++step) {
      ASSERT_TRUE(log->step({.step = step, .loss = 1.0 / step, .seconds = 0.5 * step}));
    }
    ASSERT_TRUE(log->heldout(5, 2.5));
  }
  const std::string text = *read_file(folder + "/log.jsonl");
  ASSERT_TRUE(write_file(folder + "/log.jsonl", text + "{\"step\": 1, \"lo"));
  {
    auto log = TrainingLog::open(folder, 3);
    ASSERT_TRUE(log);
    EXPECT_EQ(log->seconds_before(), 2.5);
    ASSERT_TRUE(log->step({.step = 4, .loss = 9}));
    ASSERT_TRUE(log->sample(4, "text"));
  }
  const auto lines = lines_of(folder);
  ASSERT_EQ(lines.size(), 5u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(lines[i]["step"].as_int(), std::int64_t(i) + 1);
  EXPECT_EQ(lines[3]["loss"].as_double(), 9);
  EXPECT_EQ(lines[4]["sample"].as_string(), "text");
  // Beginning anew leaves nothing of before.
  ASSERT_TRUE(TrainingLog::open(folder, 0));
  EXPECT_TRUE(lines_of(folder).empty());
}

}  // namespace
}  // namespace pith
