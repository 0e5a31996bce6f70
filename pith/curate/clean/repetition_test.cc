#include "pith/curate/clean/repetition.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pith/base/hash.h"
#include "pith/curate/clean/text_features.h"

namespace pith {
namespace {

std::vector<RepetitionUnit> words_of(std::string_view text) {
  TextFeatures features;
  features.analyze(text, "en");
  return {features.words().begin(), features.words().end()};
}

TEST(RepetitionTest, TopGramIsItsLengthWithSpacesTimesItsCount) {
  // "a bb" three times: 4 characters x 3, as datatrove's find_top_duplicate.
  RepetitionScratch scratch;
  EXPECT_EQ(top_gram_characters(words_of("a bb a bb a bb"), 2, true, scratch), 12u);
  EXPECT_EQ(top_gram_characters(words_of("a bb a bb a bb"), 2, false, scratch), 9u);
  // All once: the first one counts, not the longest.
  EXPECT_EQ(top_gram_characters(words_of("a b ccc dddd"), 2, true, scratch), 3u);
}

TEST(RepetitionTest, DuplicateGramsDoNotOverlap) {
  // datatrove's find_all_duplicate(["a"] * 6, 2): new, then two pairs, then one word is left over.
  RepetitionScratch scratch;
  EXPECT_EQ(duplicate_gram_characters(words_of("a a a a a a"), 2, scratch), 4u);
  EXPECT_EQ(duplicate_gram_characters(words_of("x y z x y z"), 3, scratch), 3u);
}

TEST(RepetitionTest, FollowsTheReferenceOnAwkwardTexts) {
  std::vector<std::string> texts = {"", "one", "one two", "机器学习机器学习机器学习",
                                    "a 机 b 机 a 机"};
  std::string same, mixed;
  for (int i = 0; i < 100; ++i) same += "la ";
  for (std::uint64_t i = 0; i < 500; ++i) mixed += "w" + std::to_string(mix64(i) % 7) + " ";
  texts.push_back(same);
  texts.push_back(mixed);
  RepetitionScratch scratch;
  for (const std::string& text : texts) {
    const auto units = words_of(text);
    for (int n = 1; n <= 10; ++n) {
      EXPECT_EQ(top_gram_characters(units, n, true, scratch),
                top_gram_characters_ref(units, n, true))
          << text << " n = " << n;
      EXPECT_EQ(duplicate_gram_characters(units, n, scratch),
                duplicate_gram_characters_ref(units, n))
          << text << " n = " << n;
    }
  }
}

TEST(RepetitionTest, DuplicateUnitsCountAllButTheFirst) {
  RepetitionScratch scratch;
  const std::vector<RepetitionUnit> units = {{1, 10}, {2, 5}, {1, 10}, {1, 10}};
  const DuplicateUnits found = duplicate_units(units, scratch);
  EXPECT_EQ(found.units, 2u);
  EXPECT_EQ(found.characters, 20u);
}

}  // namespace
}  // namespace pith
