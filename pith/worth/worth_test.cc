#include "pith/worth/worth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

// A corpus in which near-duplicates are the only thing wrong, and models small enough for moments.
class WorthTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string input, target;
    for (int i = 0; i < 60; ++i) {
      const std::string text = sentences(i);
      add(text, input);
      if (i < 20) add(text + " One more sentence that was not there before.", input);
    }
    for (int i = 100; i < 110; ++i) add(sentences(i), target);
    ASSERT_TRUE(write_file(test_path("input.jsonl"), input));
    ASSERT_TRUE(write_file(test_path("target.jsonl"), target));
    options_.curate.inputs = {test_path("input.jsonl")};
    options_.target = test_path("target.jsonl");
    options_.curate.config->repeated_text.enabled = false;  // else it drops what is nearly a copy
    options_.stages = {"near_duplicates", "chinese_quality"};
    options_.tokens = 4000;
    options_.seeds = 2;
    options_.out = test_path("out");
    options_.config.hidden_size = 16;
    options_.config.layers = 1;
    options_.config.heads = 2;
    options_.config.context_length = 32;
    options_.config.batch_tokens = 128;
    context_.threads = 2;
  }

  static std::string sentences(int seed) {
    const char* words[] = {"the",     "kernel", "of",   "a",      "package", "reads", "files",
                           "and",     "each",   "user", "that",   "with",    "has",   "to",
                           "machine", "is",     "be",   "folder", "have",    "writes"};
    Random random(static_cast<std::uint64_t>(seed));
    std::string text;
    for (int i = 0; i < 12; ++i) {
      text += "Page";
      for (int j = 0; j < 12; ++j) {
        text += std::string(" ") + words[random.below(std::size(words))];
      }
      text += i % 4 == 3 ? ".\n" : ". ";
    }
    return text;
  }
  static void add(const std::string& text, std::string& lines) {
    Json line = Json::object();
    line.set("text", text);
    lines += line.dump() + "\n";
  }
  // How many trainings a call does.
  Result<WorthResult> counted(int& trained) {
    Context context = context_;
    std::set<std::string> notes;  // each names its training
    context.on_progress = [&](const Progress& progress) {
      if (progress.stage == "train") notes.emplace(progress.note);
    };
    auto result = measure_worth(options_, context);
    trained = static_cast<int>(notes.size());
    return result;
  }
  std::string message() {
    const auto result = measure_worth(options_, context_);
    EXPECT_FALSE(result);
    if (result) return "";
    EXPECT_EQ(result.error().kind, ErrorKind::kInput);
    return result.error().message;
  }

  WorthOptions options_;
  Context context_;
};

TEST_F(WorthTest, TrainsWithAndWithoutEachStage) {
  const auto result = measure_worth(options_, context_);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->stages.size(), 2u);
  const StageWorth& near = result->stages[0];
  EXPECT_EQ(near.without.name, "near_duplicates");
  EXPECT_EQ(near.without.documents, result->all.documents + 20);
  EXPECT_FALSE(near.changes_nothing);
  ASSERT_EQ(near.without.bits_per_byte.size(), 2u);
  EXPECT_NE(near.without.bits_per_byte[0], near.without.bits_per_byte[1]);  // other seeds
  EXPECT_TRUE(near.saved.has_interval());
  // No document is Chinese: the same corpus, which is not trained on again.
  EXPECT_TRUE(result->stages[1].changes_nothing);
  EXPECT_EQ(result->stages[1].saved.mean, 0);
  EXPECT_EQ(result->leaked, 0u);
  EXPECT_EQ(result->target_documents, 10u);
  // Two corpora (without near_duplicates is without any that does something here), and for the
  // curve a quarter, half and twice the tokens.
  EXPECT_EQ(result->trainings, 2u * (2 + 3));
  ASSERT_EQ(result->curve.points().size(), 4u);
  EXPECT_GT(result->curve.points().front().second, result->curve.points().back().second);
  EXPECT_TRUE(file_exists(test_path("out/worth.json")));
  EXPECT_THAT(*read_file(test_path("out/worth.md")), HasSubstr("| near_duplicates |"));
}

TEST_F(WorthTest, GoesOnWhereItWasStopped) {
  ASSERT_TRUE(measure_worth(options_, context_));
  const std::string expected = *read_file(test_path("out/worth.json"));
  options_.out = test_path("stopped");
  for (const int stop_at : {1, 3, 3}) {  // the beginning of so manieth training
    std::atomic<bool> stop{false};
    Context stopping = context_;
    std::set<std::string> notes;
    stopping.stop = &stop;
    stopping.on_progress = [&](const Progress& progress) {
      if (progress.stage != "train") return;
      notes.emplace(progress.note);
      if (static_cast<int>(notes.size()) >= stop_at) stop = true;
    };
    const auto stopped = measure_worth(options_, stopping);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, ErrorKind::kInterrupted);
  }
  ASSERT_TRUE(measure_worth(options_, context_));
  EXPECT_EQ(*read_file(test_path("stopped/worth.json")), expected);
}

TEST_F(WorthTest, WhatWasTrainedIsNotTrainedAgain) {
  int first = 0, again = 0, more = 0;
  ASSERT_TRUE(counted(first));
  ASSERT_TRUE(counted(again));
  EXPECT_GT(first, 0);
  EXPECT_EQ(again, 0);
  options_.seeds = 3;
  const auto result = counted(more);
  ASSERT_TRUE(result);
  EXPECT_EQ(more, first / 2);  // one seed after two
  EXPECT_EQ(result->stages[0].saved.pairs, 3u);
}

TEST_F(WorthTest, ATargetThatIsInTheInputIsNoticed) {
  std::string target = *read_file(test_path("target.jsonl"));
  add(sentences(40), target);
  ASSERT_TRUE(write_file(test_path("target.jsonl"), target));
  std::string warned;
  context_.on_warning = [&](std::string_view warning) { warned += warning; };
  const auto result = measure_worth(options_, context_);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->leaked, 1u);
  EXPECT_THAT(warned, HasSubstr("holds 1 of the input's documents"));
}

TEST_F(WorthTest, MistakesAreSaidBeforeAnythingIsDone) {
  const WorthOptions good = options_;
  options_.stages = {"near_duplicate"};
  EXPECT_THAT(message(), HasSubstr("did you mean near_duplicates?"));
  options_ = good, options_.target = test_path("nothing");
  EXPECT_THAT(message(), HasSubstr("nothing: does not exist"));
  options_ = good, options_.seeds = 0;
  EXPECT_THAT(message(), HasSubstr("--seeds"));
  options_ = good, options_.curate.like = {options_.target};
  EXPECT_THAT(message(), HasSubstr("--like and as --target"));
  options_ = good, options_.target = test_path("input.jsonl");
  EXPECT_THAT(message(), HasSubstr("as IN and as --target"));
  EXPECT_FALSE(file_exists(options_.out));
  options_ = good;
  ASSERT_TRUE(write_file(test_path("empty.jsonl"), ""));
  options_.target = test_path("empty.jsonl");
  EXPECT_THAT(message(), HasSubstr("no document with text"));
  options_ = good;
  ASSERT_TRUE(make_folders(test_path("mine")));
  ASSERT_TRUE(write_file(test_path("mine/thesis.tex"), "x"));
  options_.out = test_path("mine");
  EXPECT_THAT(message(), HasSubstr("holds something else (thesis.tex)"));
}

}  // namespace
}  // namespace pith
