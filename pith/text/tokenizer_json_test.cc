#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/text/byte_alphabet.h"
#include "pith/text/tokenizer.h"
#include "pith/text/tokenizer_tables.h"

namespace pith {
namespace {

using testing::HasSubstr;

Tokenizer small(PretokenizerKind kind = PretokenizerKind::kGpt4) {
  const auto bytes = Tokenizer::from_merges({}, {"<|endoftext|>"});
  const int l = *bytes->token_id("l"), o = *bytes->token_id("o"), space = *bytes->token_id(" ");
  return *Tokenizer::from_merges({{l, o}, {space, 257}}, {"<|endoftext|>"}, kind);
}

// The file of small() with the first `from` replaced.
std::string changed(std::string_view from, std::string_view to) {
  std::string json = small().to_json();
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

std::string error_of(const std::string& json) {
  const auto tokenizer = Tokenizer::parse(json, "the/file.json");
  if (tokenizer) return "none";
  EXPECT_THAT(tokenizer.error().message, HasSubstr("the/file.json"));
  return tokenizer.error().message;
}

TEST(TokenizerJsonTest, WhatIsWrittenIsReadAndWrittenTheSame) {
  for (const auto kind :
       {PretokenizerKind::kGpt4, PretokenizerKind::kGpt2, PretokenizerKind::kQwen2}) {
    const Tokenizer before = small(kind);
    const std::string json = before.to_json();
    const auto after = Tokenizer::parse(json, "test");
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_EQ(after->to_json(), json);
    EXPECT_EQ(after->pretokenizer(), kind);
    EXPECT_EQ(after->merges(), before.merges());
    for (int id = 0; id < before.vocab_size(); ++id) {
      EXPECT_EQ(after->token_bytes(id), before.token_bytes(id));
    }
    EXPECT_EQ(after->encode("hello lo 你好"), before.encode("hello lo 你好"));
  }
}

TEST(TokenizerJsonTest, LoadsAFileOrTheFolderThatHoldsIt) {
  const std::string folder = testing::TempDir() + "pith_tokenizer_json";
  ASSERT_TRUE(make_folders(folder));
  ASSERT_TRUE(small().save(folder + "/tokenizer.json"));
  EXPECT_TRUE(Tokenizer::load(folder + "/tokenizer.json"));
  EXPECT_TRUE(Tokenizer::load(folder));
  ASSERT_TRUE(remove_tree(folder + "/tokenizer.json"));
  const auto missing = Tokenizer::load(folder);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr(folder + "/tokenizer.json"));
}

TEST(TokenizerJsonTest, ReadsOlderSpellings) {
  // Merges as one string; ByteLevel alone is GPT-2's split; no type of model.
  std::string json = changed("[\"l\", \"o\"]", "\"l o\"");
  const std::size_t begin = json.find("\"pre_tokenizer\""), end = json.find("\"post_processor\"");
  json.replace(begin, end - begin,
               R"("pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, )");
  json.replace(json.find("\"type\": \"BPE\","), 14, "");
  const auto tokenizer = Tokenizer::parse(json, "test");
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  EXPECT_EQ(tokenizer->pretokenizer(), PretokenizerKind::kGpt2);
  EXPECT_EQ(tokenizer->merges(), small().merges());
}

TEST(TokenizerJsonTest, IdsMayHaveHoles) {
  const auto tokenizer =
      Tokenizer::parse(changed("\"\u0120lo\": 258", "\"\u0120lo\": 1000"), "test");
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  EXPECT_EQ(tokenizer->vocab_size(), 1001);
  EXPECT_EQ(tokenizer->token_bytes(500), "");
  EXPECT_EQ(tokenizer->encode(" lo"), std::vector<int>{1000});
}

TEST(TokenizerJsonTest, BytesThatOccurInNoTextMayBeMissing) {
  // GPT-NeoX has none for them. 0xC0 is spelled À.
  const int id = *small().token_id("\xC0");
  const std::string spelled = "\"\u00C0\": " + std::to_string(id) + ",";
  const auto tokenizer = Tokenizer::parse(changed(spelled, ""), "test");
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  EXPECT_EQ(tokenizer->token_bytes(id), "");
  EXPECT_EQ(tokenizer->encode("\xC0 lo"), small().encode("\uFFFD lo"));
}

TEST(TokenizerJsonTest, AddedTokensMayBeSpecialOrNot) {
  const auto tokenizer = Tokenizer::parse(
      changed("\"added_tokens\": [",
              R"("added_tokens": [{"id": 300, "content": "héllo", "special": false},)"),
      "test");
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  EXPECT_FALSE(tokenizer->is_special(300));
  EXPECT_EQ(tokenizer->token_text(300), "héllo");
  EXPECT_EQ(tokenizer->encode("héllo"), std::vector<int>{300});
  EXPECT_EQ(Tokenizer::parse(tokenizer->to_json(), "again")->encode("héllo"),
            std::vector<int>{300});
}

TEST(TokenizerJsonTest, ThePostProcessorIsKept) {
  const auto tokenizer = Tokenizer::parse(
      changed("\"post_processor\": null", R"("post_processor": {"type":"X","k":[1]})"), "test");
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->tables().post_processor["type"].as_string(), "X");
  EXPECT_THAT(tokenizer->to_json(), HasSubstr(R"("post_processor": {"type":"X","k":[1]})"));
}

TEST(TokenizerJsonTest, WhatWouldChangeIdsIsRefusedByName) {
  const struct {
    const char *from, *to, *says;
  } cases[] = {
      {"\"BPE\"", "\"WordPiece\"", "WordPiece"},
      {"\"byte_fallback\": false", "\"byte_fallback\": true", "byte_fallback"},
      {"\"dropout\": null", "\"dropout\": 0.1", "dropout"},
      {"\"continuing_subword_prefix\": null", "\"continuing_subword_prefix\": \"##\"",
       "continuing_subword_prefix"},
      {"\"normalizer\": null", "\"normalizer\": {\"type\": \"Lowercase\"}", "Lowercase"},
      {"\"Sequence\"", "\"Whitespace\"", "Whitespace"},
      {"\"Isolated\"", "\"Removed\"", "Isolated"},
      {"\\\\p{N}{1,3}", "\\\\p{N}{1,4}", "pattern"},
      {"\"add_prefix_space\": false", "\"add_prefix_space\": true", "add_prefix_space"},
      {"\"use_regex\": false", "\"use_regex\": true", "twice"},
      {"\"lstrip\": false", "\"lstrip\": true", "lstrip"},
  };
  for (const auto& c : cases) EXPECT_THAT(error_of(changed(c.from, c.to)), HasSubstr(c.says));
}

TEST(TokenizerJsonTest, DamageIsNamed) {
  const struct {
    const char *from, *to, *says;
  } cases[] = {
      {"\"model\"", "\"nodel\"", "\"model\""},
      {"\"vocab\": {", "\"vocab\": 3, \"x\": {", "model.vocab"},
      {"\"merges\": [", "\"merges\": 3, \"x\": [", "model.merges"},
      {"[\"l\", \"o\"]", "[\"l\", \"o\", \"o\"]", "merge 0"},
      {"[\"l\", \"o\"]", "\"lo\"", "merge 0"},
      {"[\"l\", \"o\"]", "[\"l\", \"q\"]", "merge 0"},
      {"\"lo\": 257", "\"lo\": 256", "256"},
      {"\"lo\": 257", "\"lo\": -1", "lo"},
      {"\"lo\": 257", "\"lo\": 2.5", "lo"},
      {"\"lo\": 257", "\"lo\": 2000000", "2000000"},
      {"\"lo\": 257", "\"lo\": 99999999999", "99999999999"},
      {"\"lo\": 257", "\"l o\": 257", "alphabet"},
      {"\"!\": 1", "\"!!\": 1", "byte 33"},
      {"{\"id\": 0", "{\"id\": 5", "<|endoftext|>"},
      {"{\"id\": 0", "{\"id\": \"0\"", "<|endoftext|>"},
      {"\"content\": \"<|endoftext|>\"", "\"content\": \"\"", "content"},
  };
  for (const auto& c : cases)
    EXPECT_THAT(error_of(changed(c.from, c.to)), HasSubstr(c.says)) << c.to;
  for (const char* json : {"", "[]", "null", "{", "{\"model\": {}}", "\xFF"})
    EXPECT_NE(error_of(json), "none") << json;
}

TEST(TokenizerJsonTest, BothSidesOfAMergeMustBeTokens) {
  // What they join is one.
  const std::string json = changed("\"lo\": 257", "\"lo\": 257, \"loo\": 300, \"llo\": 301");
  for (const char* merge : {"[\"l\", \"oo\"]", "[\"ll\", \"o\"]"}) {
    std::string broken = json;
    broken.replace(broken.find("[\"l\", \"o\"]"), 10, merge);
    EXPECT_THAT(error_of(broken), HasSubstr("merge 0")) << merge;
  }
}

TEST(TokenizerJsonTest, NoCutOfAFileIsTakenForAWhole) {
  const std::string json = small().to_json();
  for (std::size_t length = 0; length + 2 < json.size(); length += 97) {
    EXPECT_NE(error_of(json.substr(0, length)), "none") << length;
  }
}

}  // namespace
}  // namespace pith
