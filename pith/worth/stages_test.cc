#include "pith/worth/stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pith {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(WorthStagesTest, AreWhatIsOnAndDecidesWhatIsKept) {
  CurateOptions options;
  const auto stages = worth_stages(options);
  for (const char* stage : {"c4_lines", "gopher_quality", "privacy", "near_duplicates"}) {
    EXPECT_THAT(stages, Contains(stage));
  }
  EXPECT_THAT(stages, Not(Contains("topics")));  // a column
  EXPECT_THAT(stages, Not(Contains("target")));  // no examples
  EXPECT_EQ(stages.front(), "spam");
  options.like = {"examples"};
  EXPECT_EQ(worth_stages(options).back(), "target");
}

TEST(WorthStagesTest, WhatIsOffAlreadyIsNone) {
  CurateOptions options;
  options.config->near_duplicates_enabled = false;
  options.config->mask.wanted = {};
  EXPECT_THAT(worth_stages(options), Not(Contains("near_duplicates")));
  EXPECT_THAT(worth_stages(options), Not(Contains("privacy")));
}

TEST(WorthStagesTest, WithoutFiltersTheirTablesAreNone) {
  CurateOptions options;
  options.filters = false;
  EXPECT_THAT(worth_stages(options),
              testing::ElementsAre("privacy", "near_duplicates", "repeated_text"));
}

TEST(WorthStagesTest, EachIsGoneFromACopyAndNothingElseIs) {
  CurateOptions options;
  options.like = {"examples"};
  options.config->near_duplicate_similarity = 0.7;
  const auto stages = worth_stages(options);
  for (const std::string& stage : stages) {
    const CurateOptions without = without_stages(options, {stage});
    std::vector<std::string> expected = stages;
    std::erase(expected, stage);
    EXPECT_EQ(worth_stages(without), expected) << stage;
    EXPECT_EQ(without.config->near_duplicate_similarity, 0.7);
  }
  EXPECT_TRUE(worth_stages(without_stages(options, stages)).empty());
  EXPECT_EQ(worth_stages(options), stages);  // the original is as it was
}

TEST(WorthStagesTest, AnUnknownOneIsNamedWithTheOneThatMayBeMeant) {
  const std::vector<std::string> known = {"c4_lines", "near_duplicates"};
  EXPECT_TRUE(check_stages({"c4_lines"}, known));
  const Status typo = check_stages({"c4_lines", "near_duplicate"}, known);
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().kind, ErrorKind::kInput);
  EXPECT_THAT(typo.error().message, HasSubstr("did you mean near_duplicates?"));
  EXPECT_THAT(check_stages({"spelling"}, known).error().message,
              HasSubstr("there are c4_lines, near_duplicates"));
  EXPECT_THAT(check_stages({"target"}, known).error().message, HasSubstr("--like"));
}

}  // namespace
}  // namespace pith
