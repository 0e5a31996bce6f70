#include "pith/infer/serving_memory.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "pith/base/test_folder.h"
#include "pith/infer/testing/random_model.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(ServingMemoryTest, TheCacheTakesWhatWasSaid) {
  ModelConfig config = awkward_config();
  config.layers = 3;
  const Model model = RandomModel::make(config, 1).model();
  Session session(model, {.threads = 2});
  ASSERT_TRUE(session.prefill(std::vector<int>(256, 5)));
  const ServingMemory memory = serving_memory(config, 0, 2);
  EXPECT_GE(256 * memory.token_bytes, session.cache_bytes());
  EXPECT_LE(256 * memory.token_bytes, 2 * session.cache_bytes());
  EXPECT_GE(memory.model_bytes, 4 * model.parameters());
}

TEST(ServingMemoryTest, CountedNgramsTakeWhatTheirTablesTake) {
  ModelConfig config = awkward_config();
  config.architecture = "pith", config.kv_heads = 6, config.max_ngram = 2, config.ngram_rows = 64;
  const ServingMemory without = serving_memory(config, 0, 3);
  config.ngram_order = 4, config.ngram_contexts = 1'000'000, config.ngram_followers = 3'000'000;
  const ServingMemory with = serving_memory(config, 0, 3);
  const std::uint64_t tables = 16'000'000 + 24'000'000 + 4 * 263;
  EXPECT_GE(with.model_bytes, without.model_bytes + tables);
  EXPECT_LE(with.model_bytes, without.model_bytes + tables + 1000);
  EXPECT_GE(with.loading_bytes, std::uint64_t{4} * 3'000'000);  // the largest of them as read
  EXPECT_EQ(with.session_bytes, without.session_bytes + 3 * 4 * 263);
}

class SessionWithinMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    RandomModel::make(config_, 1).save(folder_);
    context_.on_warning = [this](std::string_view message) { warning_ = message; };
  }
  Result<SessionOptions> within(std::uint64_t memory_bytes) {
    warning_.clear();
    context_.memory_bytes = memory_bytes;
    return session_within_memory(folder_, context_);
  }

  const ModelConfig config_ = awkward_config();
  const ServingMemory memory_ = serving_memory(config_, 0, 1);
  const std::string folder_ = test_folder();
  Context context_;
  std::string warning_;
};

TEST_F(SessionWithinMemoryTest, AContextThatFitsIsLeftWhole) {
  for (const std::uint64_t memory : {std::uint64_t{0}, memory_.with_context(300)}) {
    const auto options = within(memory);
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->max_tokens, 0);
    EXPECT_EQ(warning_, "");
  }
}

TEST_F(SessionWithinMemoryTest, AContextThatDoesNotFitIsCutAndSaid) {
  for (const std::uint64_t tokens : {64, 128, 256}) {
    const auto options = within(memory_.with_context(tokens));
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->max_tokens, static_cast<int>(tokens));
    EXPECT_THAT(warning_, HasSubstr(std::to_string(tokens) + " tokens, of the model's 300"));
  }
}

TEST_F(SessionWithinMemoryTest, AModelThatDoesNotFitIsRefused) {
  const auto options = within(memory_.with_context(64) - 1);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().kind, ErrorKind::kCapacity);
  EXPECT_THAT(options.error().message, HasSubstr("give --memory at least that"));
}

}  // namespace
}  // namespace pith
