#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "pith/text/awkward_text.h"
#include "pith/text/bpe_learn.h"
#include "pith/text/bpe_merge.h"
#include "pith/text/tokenizer.h"
#include "pith/text/tokenizer_tables.h"

namespace pith {
namespace {

using testing::ElementsAre;
using Ids = std::vector<int>;

// Learned from awkward text; `change` edits its JSON before it is read again.
Tokenizer make_tokenizer(const std::function<void(std::string&)>& change = {}) {
  const TextFeed feed = [](const std::function<void(std::string_view)>& add) -> Status {
    Random random(1);
    for (int i = 0; i < 50; ++i) add(awkward_text(random, 200));
    return {};
  };
  std::string json = learn_bpe(feed, {.vocab_size = 700}, Context{})->to_json();
  if (change) change(json);
  auto tokenizer = Tokenizer::parse(json, "test");
  EXPECT_TRUE(tokenizer) << tokenizer.error().message;
  return *tokenizer;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

// What encoding is: pre-tokens of valid text, merged by the definition. No cache, no special
// tokens.
Ids encode_ref(const Tokenizer& tokenizer, std::string_view text) {
  const Tokenizer::Tables& tables = tokenizer.tables();
  const std::string valid = replace_invalid_utf8(text);
  Ids ids;
  for_each_pretoken(tokenizer.pretokenizer(), valid, [&](std::string_view word) {
    Ids word_ids;
    for (const char c : word) word_ids.push_back(tables.byte_id[static_cast<unsigned char>(c)]);
    word_ids.resize(merge_tokens_ref(tables.merges, word_ids));
    ids.insert(ids.end(), word_ids.begin(), word_ids.end());
  });
  return ids;
}

TEST(EncoderTest, FollowsTheDefinitionWhetherWordsAreCachedOrNot) {
  const Tokenizer tokenizer = make_tokenizer();
  Encoder encoder(tokenizer);
  Random random(2);
  for (int i = 0; i < 400; ++i) {
    const std::string text = i % 5 == 0 ? broken_text(random, 30) : awkward_text(random, 60);
    const Ids expected = encode_ref(tokenizer, text);
    Ids ids = {-5};  // what was there before stays
    encoder.encode(text, ids);
    ASSERT_EQ(ids.front(), -5);
    ASSERT_EQ(Ids(ids.begin() + 1, ids.end()), expected) << testing::PrintToString(text);
    ASSERT_EQ(tokenizer.encode(text), expected);
  }
}

TEST(EncoderTest, WordsThatDifferAtTheirEndsAreNotTakenForOneAnother) {
  const Tokenizer tokenizer = make_tokenizer();
  Encoder encoder(tokenizer);
  Ids ids;
  encoder.encode(std::string(5'000, ' '), ids);  // the cache begins
  for (int round = 0; round < 2; ++round) {
    for (std::size_t length = 1; length < 20; ++length) {
      for (const char last : {'a', 'b', '\0'}) {
        // Once with bytes behind it in memory, once at the end of what may be read.
        for (const std::string& text :
             {std::string(length, 'a') + last + std::string("  and more text"),
              std::string(length, 'a') + last}) {
          ids.clear();
          encoder.encode(text, ids);
          ASSERT_EQ(ids, encode_ref(tokenizer, text)) << length;
        }
      }
    }
  }
}

TEST(EncoderTest, EveryByteComesBack) {
  const Tokenizer tokenizer = make_tokenizer();
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const std::string text = awkward_text(random, 100);
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
    const std::string broken = broken_text(random, 100);
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(broken)), replace_invalid_utf8(broken));
  }
}

TEST(EncoderTest, SpecialTokensAreTextUnlessAskedFor) {
  const Tokenizer tokenizer = make_tokenizer();
  const std::string text = "a<|end|><|end|><|bos|>b<|end|";
  EXPECT_EQ(tokenizer.encode(text), encode_ref(tokenizer, text));
  const Ids parsed = tokenizer.encode(text, SpecialTokens::kParse);
  ASSERT_GE(parsed.size(), 5u);
  EXPECT_EQ(tokenizer.decode(Ids{parsed[0]}), "a");
  EXPECT_THAT(Ids(parsed.begin() + 1, parsed.begin() + 4),
              ElementsAre(StandardSpecials::kEnd, StandardSpecials::kEnd, StandardSpecials::kBos));
  EXPECT_EQ(tokenizer.decode(parsed), text);
}

// Encodes text as if it came in readings of `step` bytes.
Ids encode_by_readings(const Tokenizer& tokenizer, std::string_view text, std::size_t step) {
  Encoder encoder(tokenizer);
  Ids ids;
  std::string held;
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    held += text.substr(0, step);
    held.erase(0, encoder.encode_front(held, ids, SpecialTokens::kParse));
  }
  encoder.encode(held, ids, SpecialTokens::kParse);
  return ids;
}

TEST(EncoderTest, TextThatComesBitByBitGivesTheSameIds) {
  const std::string added =
      R"("added_tokens": [{"id": 800, "content": "t 中", "special": false, "normalized": false},
      {"id": 801, "content": "    ", "special": false, "normalized": true},
      {"id": 802, "content": "a\nb", "special": true, "normalized": false},)";
  const Tokenizer tokenizers[] = {
      make_tokenizer(),
      make_tokenizer([&](std::string& json) { replace(json, "\"added_tokens\": [", added); }),
      make_tokenizer([](std::string& json) {
        replace(json, "\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}");
      })};
  Random random(4);
  for (const Tokenizer& tokenizer : tokenizers) {
    for (int i = 0; i < 300; ++i) {
      std::string text = i % 5 == 0 ? broken_text(random, 40) : awkward_text(random, 40);
      if (i % 3 == 0) text += "t 中 a\nb x    y" + text;
      const Ids whole = tokenizer.encode(text, SpecialTokens::kParse);
      ASSERT_EQ(encode_by_readings(tokenizer, text, 1 + random.below(30)), whole)
          << testing::PrintToString(text);
    }
  }
}

TEST(EncoderTest, AFrontIsTakenAsSoonAsThereIsOne) {
  const Tokenizer tokenizer = make_tokenizer();
  Encoder encoder(tokenizer);
  Ids ids;
  EXPECT_EQ(encoder.encode_front("nothing", ids), 0u);
  EXPECT_TRUE(ids.empty());
  EXPECT_EQ(encoder.encode_front("one two thr", ids), 7u);
  EXPECT_EQ(tokenizer.decode(ids), "one two");
}

TEST(EncoderTest, TextIsNormalisedWhenTheFileSaysSo) {
  const Tokenizer nfc = make_tokenizer([](std::string& json) {
    replace(json, "\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}");
  });
  EXPECT_EQ(nfc.decode(nfc.encode("e\u0301")), "\u00E9");
  EXPECT_EQ(make_tokenizer().decode(make_tokenizer().encode("e\u0301")), "e\u0301");
}

TEST(EncoderTest, WithIgnoreMergesAWholeTokenIsTakenAsItIs) {
  // "abc" is a token that no merge makes.
  const auto with_token = [](std::string& json) {
    replace(json, "\"vocab\": {", "\"vocab\": {\"abc\": 900,");
  };
  EXPECT_NE(make_tokenizer(with_token).encode("abc"), Ids{900});
  const Tokenizer ignoring = make_tokenizer([&](std::string& json) {
    with_token(json);
    replace(json, "\"ignore_merges\": false", "\"ignore_merges\": true");
  });
  EXPECT_EQ(ignoring.encode("abc"), Ids{900});
}

}  // namespace
}  // namespace pith
