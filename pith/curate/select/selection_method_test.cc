#include "pith/curate/select/selection_method.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "pith/curate/select/seen_words_test.h"

namespace pith {
namespace {

TEST(SelectionMethodTest, EveryMethodIsFoundByItsOwnName) {
  std::set<std::string_view> names;
  for (const SelectionMethod& method : selection_methods()) {
    EXPECT_EQ(find_selection_method(method.name), &method);
    EXPECT_FALSE(method.about.empty()) << method.name;
    names.insert(method.name);
  }
  EXPECT_EQ(names.size(), selection_methods().size());
  EXPECT_EQ(find_selection_method(""), nullptr);
  EXPECT_EQ(find_selection_method("dsi"), nullptr);
}

// Whatever a method does, a held-out text of the examples' kind is above one of the others', and
// the same examples and seed give the same scores.
TEST(SelectionMethodTest, EveryScorerOfEveryMethodTellsTheKindsApart) {
  const std::vector<DocumentWords> tides = {
      seen("the tide rises in the harbour and the boats float at noon"),
      seen("the tide falls and the boats lie on the sand of the harbour"),
      seen("at noon the tide in the harbour is high and every boat floats")};
  const std::vector<DocumentWords> roads = {
      seen("a road ends behind the hill and the cars turn in the dust"),
      seen("the cars wait on a road in the dust behind the hill"),
      seen("behind the hill every road turns and a car waits")};
  ScorerExamples examples;
  for (const DocumentWords& document : tides) examples.wanted.push_back(&document);
  for (const DocumentWords& document : roads) examples.others.push_back(&document);
  const DocumentWords wanted = seen("boats float in the harbour when the tide is high"),
                      other = seen("cars wait behind the hill on a road of dust");
  for (const SelectionMethod& method : selection_methods()) {
    EXPECT_FALSE(method.learn.empty()) << method.name;
    for (const LearnScorer learn : method.learn) {
      const auto scorer = learn(examples, Random(1)), again = learn(examples, Random(1));
      EXPECT_GT(scorer->score(wanted), scorer->score(other)) << method.name;
      EXPECT_EQ(scorer->score(wanted), again->score(wanted)) << method.name;
    }
  }
}

}  // namespace
}  // namespace pith
