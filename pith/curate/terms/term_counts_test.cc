#include "pith/curate/terms/term_counts.h"

#include <gtest/gtest.h>

#include <string>

namespace pith {
namespace {

TEST(TermCountsTest, TermsComeAsTheyAreFirstSeenWithTheirCounts) {
  TermCounts counts;
  const auto terms = counts.count("Computers flood. The computing flood, computed.");
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].surface, "Computers");
  EXPECT_EQ(terms[0].count, 3u);
  EXPECT_EQ(terms[1].count, 2u);
}

TEST(TermCountsTest, TheTableGrowsAndForgets) {
  TermCounts counts;
  std::string many;
  for (int i = 0; i < 5000; ++i) {
    for (int word = i, letter = 0; letter < 4; ++letter, word /= 26) {
      many.push_back(static_cast<char>('a' + word % 26));
    }
    many += "qz ";  // six letters, none of them a function word
  }
  EXPECT_EQ(counts.count(many + many).size(), 5000u);
  for (const CountedTerm& term : counts.count(many + many)) EXPECT_EQ(term.count, 2u);
  EXPECT_EQ(counts.count("river").size(), 1u);
  EXPECT_EQ(counts.count(many).size(), 5000u);
  EXPECT_TRUE(counts.count("").empty());
}

}  // namespace
}  // namespace pith
