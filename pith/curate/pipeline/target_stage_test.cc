#include "pith/curate/pipeline/target_stage.h"

#include <gtest/gtest.h>

#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

class TargetStageTest : public LaterStageTest {
 protected:
  TargetColumns target(const DuplicateColumns& columns) {
    auto examples = read_examples(options_, context_);
    EXPECT_TRUE(examples) << examples.error().message;
    auto result = run_target_stage(options_, *examples, folder_, shards_, columns, context_);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(result).value();
  }
};

TEST_F(TargetStageTest, WhatIsLikeTheExamplesIsProbable) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 30; ++i) {
    texts.push_back(i % 5 == 0 ? prose(i, 12, "sailing ship captain")
                               : prose(i, 12, "quiet garden"));
  }
  texts.push_back(texts[0]);
  texts.push_back(chinese(1, 30));
  put("like/a.txt", texts[0]);
  for (std::uint64_t i = 500; i < 508; ++i) {
    put("like/" + std::to_string(i) + ".txt", prose(i, 12, "sailing ship captain"));
  }
  options_.like = {test_path("like")};
  put_all(texts);
  const DuplicateColumns columns = duplicates();
  const TargetColumns found = target(columns);
  ASSERT_EQ(columns.fate.size(), 32u);
  ASSERT_TRUE(found.report);
  EXPECT_EQ(found.report->examples, 9u);
  EXPECT_EQ(found.report->others, 29u);  // without the example itself and the Chinese
  float worst_ship = 1e9f, best_other = -1e9f;
  for (std::size_t i = 0; i < 30; ++i) {
    if (i % 5 == 0) {
      worst_ship = std::min(worst_ship, found.scores[i]);
    } else {
      best_other = std::max(best_other, found.scores[i]);
    }
  }
  EXPECT_GT(worst_ship, best_other);
  EXPECT_EQ(probability_of(found.scores[30]), 0);  // a copy, dropped before
  EXPECT_EQ(probability_of(found.scores[31]), 0);  // in a language of no example
  const TargetColumns again = target(columns);
  EXPECT_EQ(again.scores, found.scores);
  EXPECT_EQ(again.report->suggested_threshold, found.report->suggested_threshold);
}

// Chinese examples that differ less from the other Chinese documents than the English ones do from
// the other English ones: the bar has to let through as large a part of them.
TEST_F(TargetStageTest, NoLanguageIsShutOutBecauseItsScoresAreLower) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 40; ++i) {
    texts.push_back(i % 4 == 0 ? prose(i, 12, "sailing ship captain anchor mast")
                               : prose(i, 12, "quiet garden"));
    texts.push_back(i % 4 == 0 ? chinese(i, 20) + "船长起航了。" : chinese(i, 20));
  }
  for (std::uint64_t i = 500; i < 540; ++i) {
    put("like/" + std::to_string(i) + ".txt", prose(i, 12, "sailing ship captain anchor mast"));
    if (i < 512) put("like/z" + std::to_string(i) + ".txt", chinese(i, 20) + "船长起航了。");
  }
  options_.like = {test_path("like")};
  put_all(texts);
  const TargetColumns found = target(duplicates());
  ASSERT_TRUE(found.report);
  int english = 0, chinese_kept = 0;
  for (std::size_t i = 0; i < 80; i += 8) {  // those of the examples' kind
    english += probability_of(double{found.scores[i]}) >= found.report->suggested_threshold;
    chinese_kept +=
        probability_of(double{found.scores[i + 1]}) >= found.report->suggested_threshold;
  }
  EXPECT_GE(english, 5);
  EXPECT_GE(chinese_kept, 5);
}

TEST_F(TargetStageTest, NothingButExamplesTeachesNothing) {
  put("like/a.txt", prose(1, 12));
  options_.like = {test_path("like")};
  put_all({prose(1, 12)});
  EXPECT_FALSE(target(duplicates()).report);
}

}  // namespace
}  // namespace pith
