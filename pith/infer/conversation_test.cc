#include "pith/infer/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/infer/testing/random_model.h"

namespace pith {
namespace {

class ConversationTest : public testing::Test {
 protected:
  static ServedModel serve() {
    Tokenizer tokenizer = byte_tokenizer();
    return ServedModel{.model = RandomModel::make(awkward_config(), 41).model(),
                       .tokenizer = std::move(tokenizer),
                       .bos_id = StandardSpecials::kBos,
                       .stop_ids = {},
                       .special_ids = {0, 1, 2, 3, 4, 5, 6},
                       .sampler = {}};
  }
  static GenerateOptions options(int max_tokens) {
    return {.max_tokens = max_tokens, .sampler = {.temperature = 1, .seed = 3}};
  }
  const ServedModel served_ = serve();
};

// The second answer equals one from a fresh session that is given the whole text.
TEST_F(ConversationTest, CompletionGoesOnFromEverythingSaid) {
  Session session(served_.model), fresh(served_.model);
  GenerateOptions greedy = options(20);
  greedy.sampler.temperature = 0;
  Conversation conversation(served_, session, ChatStyle::kCompletion, greedy);
  const Generation first = conversation.answer("你好").value();
  const Generation second = conversation.answer("more").value();
  EXPECT_EQ(first.ids.size(), 20u);

  std::vector<int> whole = {StandardSpecials::kBos};
  served_.tokenizer.encode("你好", whole);
  whole.insert(whole.end(), first.ids.begin(), first.ids.end());
  const std::size_t said = whole.size();
  served_.tokenizer.encode("\n\nmore", whole);
  greedy.banned_ids = served_.special_ids;
  EXPECT_EQ(second.ids, generate(fresh, served_.tokenizer, whole, greedy).value().ids);
  EXPECT_EQ(second.reused_tokens, static_cast<int>(said) - 1);
  for (const Generation& generation : {first, second}) {
    for (const int id : generation.ids) EXPECT_GT(id, StandardSpecials::kEnd);
  }
}

// Two answers of ten tokens are the first twenty of one text.
TEST_F(ConversationTest, GoesOnWithoutAWord) {
  Session session(served_.model), fresh(served_.model);
  GenerateOptions greedy = options(10);
  greedy.sampler.temperature = 0;
  Conversation conversation(served_, session, ChatStyle::kCompletion, greedy);
  EXPECT_FALSE(conversation.can_go_on());
  std::vector<int> joined = conversation.answer("a text").value().ids;
  ASSERT_TRUE(conversation.can_go_on());
  const Generation more = conversation.go_on().value();
  joined.insert(joined.end(), more.ids.begin(), more.ids.end());
  greedy.max_tokens = 20;
  Conversation whole(served_, fresh, ChatStyle::kCompletion, greedy);
  EXPECT_EQ(joined, whole.answer("a text").value().ids);
  conversation.reset();
  EXPECT_FALSE(conversation.can_go_on());
}

TEST_F(ConversationTest, TemplateKeepsTheTurns) {
  Session session(served_.model);
  Conversation conversation(served_, session, ChatStyle::kTemplate, options(15), "be kind");
  const Generation first = conversation.answer("one").value();
  const Generation second = conversation.answer("two").value();
  ASSERT_EQ(conversation.messages().size(), 5u);
  EXPECT_EQ(conversation.messages()[0].content, "be kind");
  EXPECT_EQ(conversation.messages()[2].content, first.text);
  EXPECT_EQ(conversation.messages()[4].content, second.text);
  EXPECT_GT(second.reused_tokens, 10);
  conversation.reset();
  EXPECT_EQ(conversation.messages().size(), 1u);
  EXPECT_EQ(conversation.answer("one").value().reused_tokens, 0);
}

TEST_F(ConversationTest, TurnsDrawDifferentlyButTheSameSeedRepeats) {
  const auto talk = [&](std::uint64_t seed) {
    Session session(served_.model);
    GenerateOptions seeded = options(12);
    seeded.sampler.seed = seed;
    Conversation conversation(served_, session, ChatStyle::kCompletion, seeded);
    return conversation.answer("a").value().text + conversation.answer("b").value().text;
  };
  EXPECT_EQ(talk(1), talk(1));
  EXPECT_NE(talk(1), talk(2));
}

TEST_F(ConversationTest, ALongTalkForgetsItsBeginningAndNeverFails) {
  for (const ChatStyle style : {ChatStyle::kCompletion, ChatStyle::kTemplate}) {
    Session session(served_.model, {.max_tokens = 100});
    Conversation conversation(served_, session, style, options(25));
    bool forgot = false;
    for (int turn = 0; turn < 30; ++turn) {
      const auto generation = conversation.answer("message " + std::to_string(turn));
      ASSERT_TRUE(generation.ok()) << generation.error().message;
      ASSERT_NE(generation->reason, StopReason::kContextFull);
      EXPECT_FALSE(turn == 0 && conversation.forgot());
      forgot = forgot || conversation.forgot();
    }
    EXPECT_TRUE(forgot);
    EXPECT_EQ(conversation.turns(), 30);
    EXPECT_LT(conversation.messages().size(), 10u);
  }
}

TEST_F(ConversationTest, AMessageThatIsTooLongChangesNothing) {
  for (const ChatStyle style : {ChatStyle::kCompletion, ChatStyle::kTemplate}) {
    Session session(served_.model, {.max_tokens = 100});
    Conversation conversation(served_, session, style, options(25));
    ASSERT_TRUE(conversation.answer("short").ok());
    const auto before = conversation.messages().size();
    const auto result = conversation.answer(std::string(90, 'x'));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::kCapacity);
    EXPECT_EQ(conversation.messages().size(), before);
    EXPECT_TRUE(conversation.answer("short").ok());
  }
}

}  // namespace
}  // namespace pith
