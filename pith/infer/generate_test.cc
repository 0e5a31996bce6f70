#include "pith/infer/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/infer/testing/random_model.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

class GenerateTest : public testing::Test {
 protected:
  // A random model that writes bytes: mostly ill-formed UTF-8.
  const Model model_ = RandomModel::make(awkward_config(), 21).model();
  const Tokenizer tokenizer_ = byte_tokenizer();
  std::vector<int> prompt() const {
    std::vector<int> ids = {0};
    tokenizer_.encode("prompt", ids);
    return ids;
  }
  Generation run(Session& session, const GenerateOptions& options) const {
    return generate(session, tokenizer_, prompt(), options).value();
  }
};

TEST_F(GenerateTest, PiecesAreValidUtf8AndMakeTheText) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Session session(model_);
    std::string joined;
    const Generation generation =
        generate(session, tokenizer_, prompt(),
                 {.max_tokens = 200, .sampler = {.temperature = 1.5, .top_p = 1, .seed = seed}},
                 [&](std::string_view text) {
                   EXPECT_TRUE(valid_utf8(text));
                   EXPECT_FALSE(text.empty());
                   joined += text;
                 })
            .value();
    EXPECT_EQ(joined, generation.text);
    EXPECT_EQ(generation.text, replace_invalid_utf8(tokenizer_.decode(generation.ids, true)));
    EXPECT_EQ(generation.ids.size(), 200u);
    EXPECT_EQ(generation.reason, StopReason::kMaxTokens);
  }
}

TEST_F(GenerateTest, TheSameSeedContinuesTheSameForAnyThreads) {
  const GenerateOptions options{.max_tokens = 50, .sampler = {.temperature = 1, .seed = 4}};
  Session one(model_), three(model_, {.threads = 3});
  EXPECT_EQ(run(one, options).ids, run(three, options).ids);
  GenerateOptions other = options;
  other.sampler.seed = 5;
  EXPECT_NE(run(one, options).ids, run(one, other).ids);
}

TEST_F(GenerateTest, EndsAtAStopIdWithoutShowingIt) {
  const GenerateOptions options{.max_tokens = 50, .sampler = {.temperature = 0}};
  Session session(model_);
  const Generation free = run(session, options);
  GenerateOptions stopping = options;
  stopping.stop_ids = {free.ids[7]};
  const Generation stopped = run(session, stopping);
  EXPECT_EQ(stopped.reason, StopReason::kEndOfText);
  const auto first = std::find(free.ids.begin(), free.ids.end(), free.ids[7]);
  EXPECT_EQ(stopped.ids, std::vector<int>(free.ids.begin(), first));
}

TEST_F(GenerateTest, EndsBeforeAStopString) {
  const GenerateOptions options{.max_tokens = 100, .sampler = {.temperature = 0}};
  Session session(model_);
  const Generation free = run(session, options);
  ASSERT_GT(free.text.size(), 20u);
  // Cut between characters, somewhere inside of the text.
  std::size_t begin = 9;
  while ((static_cast<unsigned char>(free.text[begin]) & 0xC0) == 0x80) ++begin;
  std::size_t end = begin + 4;
  while ((static_cast<unsigned char>(free.text[end]) & 0xC0) == 0x80) ++end;
  GenerateOptions stopping = options;
  stopping.stop_strings = {free.text.substr(begin, end - begin)};
  const Generation stopped = run(session, stopping);
  EXPECT_EQ(stopped.reason, StopReason::kStopString);
  EXPECT_EQ(stopped.text, free.text.substr(0, free.text.find(stopping.stop_strings[0])));
}

TEST_F(GenerateTest, StopsWhenTheContextIsFull) {
  Session session(model_, {.max_tokens = 20});
  const Generation generation = run(session, {.max_tokens = 100, .sampler = {.temperature = 0}});
  EXPECT_EQ(generation.reason, StopReason::kContextFull);
  EXPECT_EQ(generation.ids.size(), 20u - prompt().size() + 1);
  Session tiny(model_, {.max_tokens = 3});
  const auto result = generate(tiny, tokenizer_, prompt(), {});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::kCapacity);
}

TEST_F(GenerateTest, StopsWhenCancelledAndGoesOnFromItsCache) {
  const GenerateOptions options{.max_tokens = 60, .sampler = {.temperature = 0}};
  Session session(model_);
  const Generation free = run(session, options);
  std::atomic<bool> cancel{false};
  Session other(model_);
  const Generation cut =
      generate(
          other, tokenizer_, prompt(), options, [&](std::string_view) { cancel = true; }, &cancel)
          .value();
  EXPECT_EQ(cut.reason, StopReason::kCancelled);
  EXPECT_LT(cut.ids.size(), 10u);

  std::vector<int> longer = prompt();
  longer.insert(longer.end(), cut.ids.begin(), cut.ids.end());
  const Generation rest = generate(other, tokenizer_, longer, options).value();
  EXPECT_EQ(rest.reused_tokens, static_cast<int>(longer.size()) - 1);
  std::vector<int> joined = cut.ids;
  joined.insert(joined.end(), rest.ids.begin(), rest.ids.end());
  joined.resize(60);
  EXPECT_EQ(joined, free.ids);
}

TEST_F(GenerateTest, ALongPromptIsCancelledBeforeItsEnd) {
  ModelConfig config = awkward_config();
  config.context = 3000;
  const Model model = RandomModel::make(config, 22).model();
  const std::vector<int> longer(2000, 50);
  const GenerateOptions options{.max_tokens = 5, .sampler = {.temperature = 0}};
  Session session(model), fresh(model);
  const std::atomic<bool> cancel{true};
  const Generation none = generate(session, tokenizer_, longer, options, {}, &cancel).value();
  EXPECT_EQ(none.reason, StopReason::kCancelled);
  EXPECT_EQ(none.text, "");
  EXPECT_LT(session.length(), 1000);
  const Generation after = generate(session, tokenizer_, longer, options).value();
  EXPECT_GT(after.reused_tokens, 0);
  EXPECT_EQ(after.ids, generate(fresh, tokenizer_, longer, options).value().ids);
}

TEST_F(GenerateTest, AnotherPromptIsNotConfusedByTheCache) {
  const GenerateOptions options{.max_tokens = 30, .sampler = {.temperature = 0}};
  Session used(model_), fresh(model_);
  std::vector<int> other = prompt();
  other[4] = 99;
  (void)run(used, options);
  const Generation generation = generate(used, tokenizer_, other, options).value();
  EXPECT_EQ(generation.reused_tokens, 4);
  EXPECT_EQ(generation.ids, generate(fresh, tokenizer_, other, options).value().ids);
}

TEST_F(GenerateTest, BadRequestsAreErrors) {
  Session session(model_);
  EXPECT_FALSE(generate(session, tokenizer_, {}, {}).ok());
  EXPECT_FALSE(generate(session, tokenizer_, prompt(), {.max_tokens = -1}).ok());
  EXPECT_FALSE(generate(session, tokenizer_, prompt(), {.sampler = {.temperature = -1}}).ok());
  EXPECT_EQ(run(session, {.max_tokens = 0}).text, "");
}

}  // namespace
}  // namespace pith
