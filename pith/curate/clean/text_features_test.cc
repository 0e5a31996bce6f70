#include "pith/curate/clean/text_features.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pith/text/words.h"

namespace pith {
namespace {

TEST(TextFeaturesTest, SplitsWordsAsTextWordsDoes) {
  for (const std::string_view text : {"", "don't stop 2024", "机器学习 B2B 2024年",
                                      "naïve -- | co-op", "a’b ’c d’", "x'机", "é́ ü"}) {
    TextFeatures features;
    features.analyze(text, "en");
    EXPECT_EQ(features.words().size(), count_words(text)) << text;
  }
}

TEST(TextFeaturesTest, WordsThatDifferHaveHashesThatDiffer) {
  std::string text;
  for (char a = 'a'; a <= 'z'; ++a) {
    text += {a, ' '};
    for (char b = 'a'; b <= 'z'; ++b) text += {a, b, ' '};
  }
  text += "的 是 đã đá";
  TextFeatures features;
  features.analyze(text, "en");
  std::set<std::uint64_t> hashes;
  for (const RepetitionUnit& word : features.words()) hashes.insert(word.hash);
  EXPECT_EQ(hashes.size(), features.words().size());
}

TEST(TextFeaturesTest, CountsSymbolsThatStandAlone) {
  TextFeatures features;
  features.analyze("a | b -- c.", "en");
  EXPECT_EQ(features.symbol_tokens, 2u);
  EXPECT_EQ(features.letter_words, 3u);
}

TEST(TextFeaturesTest, LinesInsideAFenceAreCode) {
  TextFeatures features;
  features.analyze("text\n```\nint a;\n```\nmore", "en");
  ASSERT_EQ(features.lines().size(), 5u);
  EXPECT_FALSE(features.lines()[0].code);
  EXPECT_TRUE(features.lines()[2].code);
  EXPECT_FALSE(features.lines()[4].code);
  EXPECT_EQ(features.prose_words, 2u);
}

TEST(TextFeaturesTest, NothingIsLeftOverFromTheDocumentBefore) {
  TextFeatures used, fresh;
  used.analyze("我们的书和你们的书。\n我们的书和你们的书。", "zh-Hans");
  used.repetition();
  const std::string_view text = "的的的和";
  used.analyze(text, "zh-Hans");
  fresh.analyze(text, "zh-Hans");
  EXPECT_EQ(used.distinct_ideographs, fresh.distinct_ideographs);
  EXPECT_EQ(used.ideograph_entropy, fresh.ideograph_entropy);
  EXPECT_EQ(used.repetition().duplicate_gram, fresh.repetition().duplicate_gram);
  EXPECT_EQ(used.stop_words, 2u);
}

}  // namespace
}  // namespace pith
