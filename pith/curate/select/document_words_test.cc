#include "pith/curate/select/document_words.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

namespace pith {
namespace {

std::vector<std::uint32_t> features(std::string_view text) {
  DocumentWords out{.words = {77}, .bytes = 7, .features = {77}};  // of the document before
  see_document(text, out);
  return out.features;
}

bool all_in(const std::vector<std::uint32_t>& part, const std::vector<std::uint32_t>& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

TEST(DocumentWordsTest, SpacedTextGivesWordsAndPairs) {
  EXPECT_EQ(features("").size(), 0u);
  EXPECT_EQ(features("river").size(), 1u);
  EXPECT_EQ(features("the river bends").size(), 5u);          // 3 words, 2 pairs
  EXPECT_EQ(features("river river river river").size(), 2u);  // each once
  EXPECT_TRUE(all_in(features("the river"), features("by the river it was")));
  EXPECT_FALSE(all_in(features("the river"), features("river the")));  // order counts
}

TEST(DocumentWordsTest, ChineseGivesPairsAndTriples) {
  EXPECT_EQ(features("河").size(), 0u);
  EXPECT_EQ(features("河水").size(), 1u);
  EXPECT_EQ(features("河水上涨").size(), 5u);  // 3 pairs, 2 triples
  EXPECT_TRUE(all_in(features("河水上"), features("春天河水上涨")));
  EXPECT_FALSE(all_in(features("河水"), features("水河")));
  EXPECT_EQ(features("河abc水").size(), 2u);  // a word between: no pair of signs; abc, (河, abc)
}

TEST(DocumentWordsTest, CaseAndPunctuationDoNotCount) {
  EXPECT_EQ(features("The River -- bends."), features("the river bends"));
}

TEST(DocumentWordsTest, WordsComeInOrderWithTheBytesTheyCover) {
  DocumentWords seen;
  see_document("One, two 河. one", seen);
  ASSERT_EQ(seen.words.size(), 4u);
  EXPECT_EQ(seen.words[0], seen.words[3]);
  EXPECT_NE(seen.words[0], seen.words[1]);
  EXPECT_TRUE(seen.words[2] & DocumentWords::kIdeograph);
  EXPECT_FALSE(seen.words[1] & DocumentWords::kIdeograph);
  EXPECT_EQ(seen.bytes, std::string_view("One, two 河. one").size());
}

TEST(DocumentWordsTest, AreAscendingAndWithinBounds) {
  std::string text;
  for (int i = 0; i < 900; ++i) text += "word" + std::to_string(i) + " ";
  const auto found = features(text);
  EXPECT_GT(found.size(), 1700u);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
  EXPECT_LT(found.back(), kTargetFeatures);
}

TEST(DocumentWordsTest, OnlyTheFrontOfALongTextIsLookedAt) {
  std::string front, rest;
  for (std::size_t i = 0; i < kTargetWords; ++i) front += "word" + std::to_string(i) + " ";
  for (int i = 0; i < 100'000; ++i) rest += "other" + std::to_string(i) + " ";
  EXPECT_EQ(features(front + rest), features(front));
}

}  // namespace
}  // namespace pith
