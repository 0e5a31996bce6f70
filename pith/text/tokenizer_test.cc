#include "pith/text/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/text/tokenizer_tables.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Ids: 0 to 6 special, then bytes; 263 "ab", 264 "abc", 265 an é.
int byte_id(unsigned char byte) {
  return *Tokenizer::from_merges({}, standard_special_tokens())
              ->token_id(std::string(1, static_cast<char>(byte)));
}
Tokenizer small() {
  auto tokenizer = Tokenizer::from_merges(
      {{byte_id('a'), byte_id('b')}, {263, byte_id('c')}, {byte_id(0xC3), byte_id(0xA9)}},
      standard_special_tokens());
  EXPECT_TRUE(tokenizer);
  return *tokenizer;
}

TEST(TokenizerTest, KnowsItsTokens) {
  const Tokenizer tokenizer = small();
  EXPECT_EQ(tokenizer.vocab_size(), 266);
  EXPECT_EQ(tokenizer.token_bytes(264), "abc");
  EXPECT_EQ(tokenizer.token_bytes(265), "\u00E9");
  EXPECT_EQ(tokenizer.token_text(265), "\u00C3\u00A9");
  EXPECT_EQ(tokenizer.token_text(byte_id(' ')), "\u0120");
  EXPECT_EQ(tokenizer.token_text(6), "<|end|>");
  EXPECT_EQ(tokenizer.token_id("abc"), 264);
  EXPECT_EQ(tokenizer.token_id("<|end|>"), std::nullopt);  // its letters are no token
  EXPECT_EQ(tokenizer.special_id("<|end|>"), 6);
  EXPECT_EQ(tokenizer.special_id("abc"), std::nullopt);
  EXPECT_TRUE(tokenizer.is_special(0));
  for (const int id : {7, 265, -1, 266, 1 << 30}) EXPECT_FALSE(tokenizer.is_special(id)) << id;
  for (const int id : {-1, 266, 1 << 30}) EXPECT_EQ(tokenizer.token_bytes(id), "") << id;
}

TEST(TokenizerTest, RolesAreFoundByName) {
  const Tokenizer tokenizer = small();
  EXPECT_EQ(tokenizer.bos_id(), StandardSpecials::kBos);
  EXPECT_EQ(tokenizer.eos_id(), StandardSpecials::kEos);
  EXPECT_EQ(tokenizer.pad_id(), StandardSpecials::kPad);
  const auto gpt2 = Tokenizer::from_merges({}, {"<|endoftext|>"});
  ASSERT_TRUE(gpt2);
  EXPECT_EQ(gpt2->bos_id(), 0);
  EXPECT_EQ(gpt2->eos_id(), 0);
  EXPECT_EQ(gpt2->pad_id(), std::nullopt);
}

TEST(TokenizerTest, DecodesToBytes) {
  const Tokenizer tokenizer = small();
  const std::vector<int> ids = {0, 264, byte_id(0xFF), 6, 9999, -1};
  EXPECT_EQ(tokenizer.decode(ids), "<|bos|>abc\xFF<|end|>");
  EXPECT_EQ(tokenizer.decode(ids, true), "abc\xFF");
}

TEST(TokenizerTest, MergesMustJoinWhatIsThere) {
  const int a = byte_id('a');
  const std::pair<int, int> wrong[] = {{a, 300}, {300, a}, {-1, a}, {a, 263}, {a, 6}};
  for (const std::pair<int, int>& pair : wrong) {
    const auto tokenizer = Tokenizer::from_merges({pair}, standard_special_tokens());
    ASSERT_FALSE(tokenizer) << pair.first << " " << pair.second;
    EXPECT_THAT(tokenizer.error().message, HasSubstr("merge 0"));
  }
  EXPECT_FALSE(Tokenizer::from_merges({}, {"<a>", "<a>"}));
  EXPECT_FALSE(Tokenizer::from_merges({}, {""}));
  EXPECT_FALSE(Tokenizer::from_merges({}, {"\xFF"}));
}

TEST(AddedTokenMatcherTest, TheLongestAtTheFirstPlaceWins) {
  AddedTokenMatcher matcher;
  EXPECT_TRUE(matcher.empty());
  EXPECT_EQ(matcher.find("anything", 0).id, -1);
  matcher.add("aa", 1);
  matcher.add("aab", 2);
  matcher.add("b", 3);
  const auto at = [&](std::string_view text, std::size_t from) {
    const auto match = matcher.find(text, from);
    return std::tuple(match.begin, match.end, match.id);
  };
  EXPECT_EQ(at("xaab", 0), std::tuple(1u, 4u, 2));
  EXPECT_EQ(at("xaac", 0), std::tuple(1u, 3u, 1));
  EXPECT_EQ(at("xaab", 2), std::tuple(3u, 4u, 3));
  EXPECT_EQ(matcher.find("xa", 0).id, -1);
}

// What a stream of ids gives, one id after the other; every piece must be valid.
std::string stream(const Tokenizer& tokenizer, const std::vector<int>& ids, bool skip_special) {
  StreamingDecoder decoder(tokenizer, skip_special);
  std::string all;
  for (const int id : ids) {
    const std::string piece = decoder.add(id);
    EXPECT_TRUE(valid_utf8(piece));
    all += piece;
  }
  return all + decoder.finish();
}

TEST(StreamingDecoderTest, ACharacterComesWhenItIsWhole) {
  const Tokenizer tokenizer = small();
  StreamingDecoder decoder(tokenizer);
  const std::string emoji = "\U0001F600";
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(decoder.add(byte_id(static_cast<unsigned char>(emoji[i]))), "");
  }
  EXPECT_EQ(decoder.add(byte_id(static_cast<unsigned char>(emoji[3]))), emoji);
  EXPECT_EQ(decoder.finish(), "");
}

TEST(StreamingDecoderTest, PiecesJoinedAreTheRepairedText) {
  const Tokenizer tokenizer = small();
  const std::vector<int> ids = {
      0,   byte_id(0xE4), byte_id(0xB8), 264, byte_id(0xF0), byte_id(0x9F),
      265, byte_id(0xFF), byte_id(0x80), 6,   byte_id(0xE4)};
  for (const bool skip : {false, true}) {
    EXPECT_EQ(stream(tokenizer, ids, skip), replace_invalid_utf8(tokenizer.decode(ids, skip)));
  }
}

TEST(StreamingDecoderTest, FinishMakesItReadyForANewStream) {
  StreamingDecoder decoder(small());
  EXPECT_EQ(decoder.add(byte_id(0xE4)), "");
  EXPECT_EQ(decoder.finish(), "\uFFFD");
  EXPECT_EQ(decoder.add(264), "abc");
}

}  // namespace
}  // namespace pith
