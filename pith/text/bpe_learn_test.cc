#include "pith/text/bpe_learn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "pith/text/awkward_text.h"

namespace pith {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Texts = std::vector<std::string>;

TextFeed feed_of(const Texts& texts) {
  return [&texts](const std::function<void(std::string_view)>& add) -> Status {
    for (const std::string& text : texts) add(text);
    return {};
  };
}

Result<Tokenizer> learn(const Texts& texts, BpeLearnOptions options, int threads = 1,
                        BpeLearnReport* report = nullptr) {
  Context context;
  context.threads = threads;
  return learn_bpe(feed_of(texts), options, context, report);
}

Texts awkward_texts(std::size_t count) {
  Random random(1);
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(awkward_text(random, 100));
  return texts;
}

TEST(BpeLearnTest, MergesTheMostFrequentPairFirst) {
  // "lo" occurs 7 times, then "low" 7; of "er" and "ne" (2 each) the smaller pair of ids, e before
  // n.
  const auto tokenizer =
      learn({"low low low low low lower lower newest"}, {.vocab_size = 7 + 256 + 4});
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->vocab_size(), 267);
  EXPECT_EQ(tokenizer->token_bytes(263), "lo");
  EXPECT_EQ(tokenizer->token_bytes(264), "low");
  EXPECT_EQ(tokenizer->token_bytes(265), " low");
  EXPECT_EQ(tokenizer->token_bytes(266), "er");
}

TEST(BpeLearnTest, SpecialsComeFirstThenBytesInTheirOrder) {
  const auto tokenizer = learn({"a"}, {.vocab_size = 300, .special_tokens = {"<x>", "<y>"}});
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->vocab_size(), 258);  // nothing to merge
  EXPECT_EQ(tokenizer->special_id("<y>"), 1);
  EXPECT_EQ(tokenizer->token_bytes(2), "!");
  const auto standard = learn({"a"}, {.vocab_size = 263});
  ASSERT_TRUE(standard);
  EXPECT_EQ(standard->special_id("<|end|>"), StandardSpecials::kEnd);
}

TEST(BpeLearnTest, ThreadsDoNotChangeTheResult) {
  Texts texts = awkward_texts(300);
  // One long document is cut into pieces for the threads.
  std::string joined;
  for (const std::string& text : texts) joined += text + "\nx";
  texts.push_back(joined + joined + joined);
  const auto one = learn(texts, {.vocab_size = 600}, 1),
             four = learn(texts, {.vocab_size = 600}, 4);
  ASSERT_TRUE(one && four);
  EXPECT_EQ(one->vocab_size(), 600);
  EXPECT_EQ(one->to_json(), four->to_json());
}

TEST(BpeLearnTest, ALongDocumentIsLearnedFromAsIfItWereWhole) {
  // 400 KB, so several pieces: a cut inside a pre-token would give words that the text lacks.
  std::string text;
  for (int i = 0; text.size() < 400'000; ++i)
    text += "word" + std::to_string(i % 7) + " 中文。\n\n x";
  BpeLearnReport report;
  const auto tokenizer = learn({text}, {.vocab_size = 400}, 2, &report);
  ASSERT_TRUE(tokenizer);
  // "word", digits, " 中文", "。\n\n", " x", "xword" at the seams: no more kinds than these.
  EXPECT_LE(report.distinct_pretokens, 13u);
}

TEST(BpeLearnTest, ReportsTheTokensThatEncodingWillFind) {
  const Texts texts = awkward_texts(50);
  BpeLearnReport report;
  const auto tokenizer = learn(texts, {.vocab_size = 500}, 2, &report);
  ASSERT_TRUE(tokenizer);
  std::uint64_t bytes = 0, tokens = 0;
  for (const std::string& text : texts) {
    bytes += text.size();
    tokens += tokenizer->encode(text).size();
  }
  EXPECT_EQ(report.documents, texts.size());
  EXPECT_EQ(report.bytes, bytes);
  EXPECT_EQ(report.learned_bytes, bytes);
  EXPECT_EQ(report.learned_tokens, tokens);
}

TEST(BpeLearnTest, LongPretokensAreNotLearnedFrom) {
  BpeLearnReport report;
  const auto tokenizer = learn({std::string(300, 'a') + " bb bb"}, {.vocab_size = 300}, 1, &report);
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->token_id("aa"), std::nullopt);
  EXPECT_TRUE(tokenizer->token_id("bb"));
  EXPECT_EQ(report.learned_bytes, 6u);
}

TEST(BpeLearnTest, TheRarestAreForgottenToKeepWithinTheMemoryGiven) {
  Texts texts;
  for (int i = 0; i < 20'000; ++i) {
    std::string rare = " ";
    for (int n = i; n > 0; n /= 20) rare.push_back(static_cast<char>('a' + n % 20));
    texts.push_back(rare + " common");
  }
  BpeLearnReport report;
  const auto tokenizer = learn(texts, {.vocab_size = 300, .memory_bytes = 1'500'000}, 1, &report);
  ASSERT_TRUE(tokenizer);
  EXPECT_GT(report.forgotten_pretokens, 19'000u);
  EXPECT_TRUE(tokenizer->token_id(" common"));
}

TEST(BpeLearnTest, ABoundOnMemoryThatCannotBeKeptIsRefused) {
  const TextFeed feed = [](const auto& add) {
    add("one two one two");
    return Status();
  };
  Context context;
  context.memory_bytes = 255 << 20;
  const auto refused = learn_bpe(feed, {.vocab_size = 300}, context);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kCapacity);
  EXPECT_THAT(refused.error().message, HasSubstr("--memory at least that"));
  context.memory_bytes = 256 << 20;
  EXPECT_TRUE(learn_bpe(feed, {.vocab_size = 300}, context));
}

TEST(BpeLearnTest, IllFormedBytesCountAsTheReplacementCharacter) {
  const auto tokenizer = learn({"\xFF \xFF \xFF"}, {.vocab_size = 270});
  ASSERT_TRUE(tokenizer);
  EXPECT_TRUE(tokenizer->token_id("\uFFFD"));
}

TEST(BpeLearnTest, PairsSeenOnceAreNotMerged) {
  EXPECT_EQ(learn({"abcd"}, {.vocab_size = 270})->vocab_size(), 263);
  EXPECT_EQ(learn({"abcd"}, {.vocab_size = 270, .min_count = 1})->vocab_size(), 266);
}

TEST(BpeLearnTest, SaysWhatCannotBeLearned) {
  const auto small = learn({"a"}, {.vocab_size = 262});
  ASSERT_FALSE(small);
  EXPECT_THAT(small.error().message, HasSubstr("263"));
  for (const Texts& texts : {Texts{}, Texts{""}}) {
    const auto nothing = learn(texts, {.vocab_size = 300});
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().message, HasSubstr("no text"));
  }
  const TextFeed broken = [](const auto&) { return Status(io_error("disk on fire")); };
  EXPECT_EQ(learn_bpe(broken, {}, Context{}).error().message, "disk on fire");
  EXPECT_FALSE(learn({"a"}, {.vocab_size = 300, .special_tokens = {"<x>", "<x>"}}));
}

TEST(BpeLearnTest, StopsWhenAsked) {
  const std::atomic<bool> stop{true};
  Context context;
  context.stop = &stop;
  const Texts texts = {"some text"};
  const auto tokenizer = learn_bpe(feed_of(texts), {}, context);
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().kind, ErrorKind::kInterrupted);
}

}  // namespace
}  // namespace pith
