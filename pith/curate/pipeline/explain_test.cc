#include "pith/curate/pipeline/explain.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/curate/pipeline/corpus_test.h"
#include "pith/curate/pipeline/curate.h"

namespace pith {
namespace {

using testing::HasSubstr;

class ExplainTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_folders(test_path("in")));
    ASSERT_TRUE(make_folders(test_path("spam")));
    ASSERT_TRUE(write_file(test_path("in/good.html"), html("Rivers", prose(1, 24))));
    ASSERT_TRUE(write_file(test_path("in/short.txt"), "The house is small and the door is red."));
    CurateOptions options;
    options.inputs = {test_path("in")};
    options.out = test_path("out");
    ASSERT_TRUE(curate(options, context_));
  }
  Explanation only(const std::string& what) {
    auto found = explain_documents(test_path("out"), what, 10, context_);
    EXPECT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->size(), 1u);
    return found->at(0);
  }
  const Measure* measure(const Explanation& explanation, std::string_view rule) {
    const auto place = std::ranges::find(explanation.measures, rule, &Measure::rule);
    return place == explanation.measures.end() ? nullptr : &*place;
  }
  const Context context_ = {};
};

TEST_F(ExplainTest, ADocumentIsFoundByIdAndByPath) {
  const Explanation good = only("good.html");
  EXPECT_TRUE(good.kept);
  EXPECT_EQ(only(good.document.id.substr(0, 8)).document.file_path, good.document.file_path);
  EXPECT_EQ(only(test_path("in/good.html")).document.id, good.document.id);
}

TEST_F(ExplainTest, EveryRuleSaysWhatItMeasured) {
  const Explanation small = only("in/short.txt");
  EXPECT_FALSE(small.kept);
  EXPECT_EQ(small.document.dropped_by, "gopher_quality.min_words");
  const Measure* words = measure(small, "gopher_quality.min_words");
  ASSERT_NE(words, nullptr);
  EXPECT_EQ(words->value, 9);
  EXPECT_TRUE(words->broken());
  ASSERT_NE(measure(small, "fineweb.terminal_lines"), nullptr);  // behind the rule that dropped it
  EXPECT_EQ(measure(small, "chinese_quality.digits"), nullptr);
}

TEST_F(ExplainTest, ARawFileIsMeasuredWithTheGivenSettings) {
  CurateConfig config;
  auto found = explain_file(test_path("in/short.txt"), config, 10, context_);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->at(0).document.dropped_by, "gopher_quality.min_words");
  config.filters[0]->enabled = false;
  found = explain_file(test_path("in/short.txt"), config, 10, context_);
  EXPECT_EQ(measure(found->at(0), "gopher_quality.min_words"), nullptr);
}

TEST_F(ExplainTest, SpamIsJudgedByTheTitleThatItWasJudgedByBefore) {
  const std::string page =
      "<title>The river - Lucky Palace Casino free spins no deposit</title><body><article>"
      "<h1>The river</h1>" +
      prose(1, 24) + "</article></body>";
  ASSERT_TRUE(write_file(test_path("spam/door.html"), page));
  CurateOptions options;
  options.inputs = {test_path("spam")};
  options.out = test_path("spam_out");
  ASSERT_TRUE(curate(options, context_));
  const auto found = explain_documents(test_path("spam_out"), "door.html", 10, context_);
  ASSERT_TRUE(found) << found.error().message;
  const Explanation& door = found->at(0);
  EXPECT_EQ(door.document.title, "The river");
  ASSERT_EQ(door.document.dropped_by, "spam.doorway");
  ASSERT_NE(measure(door, "spam.doorway"), nullptr);
  EXPECT_DOUBLE_EQ(measure(door, "spam.doorway")->value, door.document.dropped_value);
  CurateConfig config;
  const auto raw = explain_file(test_path("spam/door.html"), config, 10, context_);
  ASSERT_TRUE(raw);
  EXPECT_DOUBLE_EQ(measure(raw->at(0), "spam.doorway")->value, door.document.dropped_value);
}

TEST_F(ExplainTest, WhatIsNotThereIsSaid) {
  const auto none = explain_documents(test_path("out"), "other.html", 10, context_);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("has no document \"other.html\""));
  const auto folder = explain_documents(test_path("in"), "other.html", 10, context_);
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, HasSubstr("no finished curation"));
}

}  // namespace
}  // namespace pith
