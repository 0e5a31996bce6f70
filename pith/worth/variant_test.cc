#include "pith/worth/variant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/base/test_folder.h"
#include "pith/worth/target_sample.h"

namespace pith {
namespace {

using testing::HasSubstr;
using testing::Not;

class VariantTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string lines;
    for (int i = 0; i < kDocuments; ++i) {
      Json line = Json::object();
      line.set("text", text(i));
      lines += line.dump() + "\n";
    }
    ASSERT_TRUE(write_file(test_path("input.jsonl"), lines));
    options_.inputs = {test_path("input.jsonl")};
    options_.filters = false;
    options_.config->near_duplicates_enabled = false;
    options_.config->repeated_text.enabled = false;
    options_.config->summaries_enabled = true;
  }
  static std::string text(int i) {
    return "Document " + std::to_string(i * 977 % 1000) +
           " tells of a kernel, of its files and of those who read them.";
  }
  Result<WorthVariant> make(const char* folder, const std::string& tokenizer = "") {
    return make_variant("c4_lines", options_, tokenizer, test_path(folder), context_);
  }

  static constexpr int kDocuments = 60;
  CurateOptions options_;
  Context context_;
};

TEST_F(VariantTest, IsWhatWasKeptAndItsTokens) {
  const auto made = make("way");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->name, "c4_lines");
  EXPECT_EQ(made->documents, std::uint64_t{kDocuments});
  std::uint64_t bytes = 0;
  for (int i = 0; i < kDocuments; ++i) bytes += text(i).size();
  EXPECT_EQ(made->bytes, bytes);
  EXPECT_EQ(made->tokens, test_path("way/tokens"));
  EXPECT_TRUE(file_exists(test_path("way/tokens/train.bin")));
  EXPECT_GT(made->corpus_tokens, 0u);
  EXPECT_GT(made->vocab, 256);
  EXPECT_TRUE(made->bits_per_byte.empty());  // not yet trained
}

// What the caller's options say stays: other variants share their configuration.
TEST_F(VariantTest, ColumnsAreNotMadeAndTheCallersOptionsStay) {
  ASSERT_TRUE(make("way"));
  EXPECT_TRUE(options_.config->topics_enabled);
  EXPECT_TRUE(options_.config->summaries_enabled);
  EXPECT_TRUE(options_.out.empty());
  const auto summary = parse_json(*read_file(test_path("way/curate.json")), "curate.json");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_FALSE(summary->has("topics") && !(*summary)["topics"].is_null());
}

TEST_F(VariantTest, ATokenizerThatIsGivenIsUsed) {
  const auto learned = make("learned");
  ASSERT_TRUE(learned) << learned.error().message;
  std::string others;  // of which another one would be learned
  for (int i = 0; i < 20; ++i) {
    others += "{\"text\":\"" + text(i) + " 再来一句，说的是同一个内核。\"}\n";
  }
  ASSERT_TRUE(write_file(test_path("input.jsonl"), others));
  const std::string tokenizer = test_path("learned/tokens/tokenizer.json");
  const auto given = make("given", tokenizer);
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->documents, 20u);
  EXPECT_EQ(given->vocab, learned->vocab);
  EXPECT_EQ(*read_file(test_path("given/tokens/tokenizer.json")), *read_file(tokenizer));
}

TEST_F(VariantTest, WhatIsThereIsNotMadeAgain) {
  const auto first = make("way");
  ASSERT_TRUE(first) << first.error().message;
  const std::string tokens = test_path("way/tokens/train.bin");
  const auto written = std::filesystem::last_write_time(tokens);
  const auto again = make("way");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::filesystem::last_write_time(tokens), written);
  EXPECT_EQ(again->documents, first->documents);
  EXPECT_EQ(again->bytes, first->bytes);
  EXPECT_EQ(again->corpus_tokens, first->corpus_tokens);
  EXPECT_EQ(again->vocab, first->vocab);
}

// Else nobody would know which of a dozen curations it was; who stops it need not be told.
TEST_F(VariantTest, AnErrorSaysOfWhichWayItIs) {
  std::atomic<bool> stop{true};
  context_.stop = &stop;
  const auto stopped = make("stopped");
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::kInterrupted);
  EXPECT_THAT(stopped.error().message, Not(HasSubstr("curated")));
  context_.stop = nullptr;
  options_.inputs = {test_path("nothing")};
  const auto made = make("way");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("nothing"));
  EXPECT_THAT(made.error().message, HasSubstr("(curated without c4_lines)"));
  EXPECT_EQ(way_of(""), "with every stage");
}

TEST_F(VariantTest, TextsAreCountedByTheirKeys) {
  ASSERT_TRUE(make("way"));
  const auto count =
      count_texts(test_path("way"),
                  {text_key(text(0)), text_key(" " + text(7)), text_key("no such")}, context_);
  ASSERT_TRUE(count) << count.error().message;
  EXPECT_EQ(*count, 2u);
}

}  // namespace
}  // namespace pith
