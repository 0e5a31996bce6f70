#include "pith/train/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <numbers>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/train/model_files.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class EvaluateTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = test_path("evaluate");
    ASSERT_TRUE(save_model(*model_, byte_tokenizer(), folder_ + "/model"));
  }
  Result<EvalResult> of(const std::string& lines) const {
    const std::string path = folder_ + "/documents.jsonl";
    EXPECT_TRUE(write_file(path, lines));
    return evaluate(folder_ + "/model", path, context_);
  }

  std::string folder_;
  Context context_;
  std::unique_ptr<Transformer> model_ = small_model();
};

TEST_F(EvaluateTest, BitsAreCountedPerByteOfTextAndEosToo) {
  const auto result = of("{\"text\": \"h\\u00e9\"}\n{\"text\": \"\"}\n{\"text\": \"no\"}\n");
  ASSERT_TRUE(result) << result.error().message;
  double nats = 0;
  for (const char* text : {"h\xc3\xa9", "no"}) {
    std::vector<int> ids = {StandardSpecials::kBos};
    byte_tokenizer().encode(text, ids);
    ids.push_back(StandardSpecials::kEos);
    const std::vector<int> tokens(ids.begin(), ids.end() - 1), targets(ids.begin() + 1, ids.end());
    nats += model_->loss({1, static_cast<int>(tokens.size()), tokens, targets, {}}).nats;
  }
  EXPECT_EQ(result->documents, 2u) << "an empty one is none";
  EXPECT_EQ(result->bytes, 5u);
  EXPECT_EQ(result->tokens, 7u);
  EXPECT_NEAR(result->loss, nats / 7, 1e-5);
  EXPECT_NEAR(result->bits_per_byte, nats / std::numbers::ln2 / 5, 1e-5);
}

TEST_F(EvaluateTest, DocumentsLongerThanTheContextAreReadWhole) {
  const auto result = of("{\"text\": \"" + std::string(500, 'x') + "\"}\n");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->tokens, 501u);
}

TEST_F(EvaluateTest, MemoryBoundsWhatIsReadAtOnceAndNotTheResult) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "{\"text\": \"" + std::to_string(i * i) + "\"}\n";
  const auto all = of(lines);
  ASSERT_TRUE(all);
  context_.memory_bytes = 57 << 20;
  const auto within = of(lines);
  ASSERT_TRUE(within) << within.error().message;
  EXPECT_NEAR(within->bits_per_byte, all->bits_per_byte, 1e-9);
  EXPECT_EQ(within->tokens, all->tokens);
  context_.memory_bytes = 40 << 20;
  const auto refused = of(lines);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kCapacity);
  EXPECT_THAT(refused.error().message, HasSubstr("give --memory at least"));
}

TEST_F(EvaluateTest, WhatCannotBeIsSaid) {
  EXPECT_THAT(of("{\"text\": \"\"}\n").error().message, HasSubstr("no document with text"));
  EXPECT_THAT(of("{\"text\": \"a\"}\n{broken").error().message, HasSubstr("line 2"));
  std::atomic<bool> stop{true};
  context_.stop = &stop;
  EXPECT_EQ(of("{\"text\": \"a\"}\n").error().kind, ErrorKind::kInterrupted);
  EXPECT_FALSE(evaluate("/nowhere", folder_ + "/documents.jsonl", context_));
}

}  // namespace
}  // namespace pith
