#include "pith/curate/cluster/topic_names.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace pith {
namespace {

SampledDocument document(std::string_view text) {
  TermCounts counts;
  return sample_document(1, text, counts);
}

TEST(TopicNamesTest, WhatIsEverywhereNamesNothing) {
  const std::vector<SampledDocument> documents = {
      document("page kernel module"), document("page kernel driver"), document("page bread flour"),
      document("page bread oven")};
  const auto terms = distinguishing_terms(documents, {0, 0, 1, 1}, 2, 3);
  EXPECT_EQ(terms[0].front(), "kernel");
  EXPECT_EQ(terms[1].front(), "bread");
  EXPECT_NE(terms[0].back() + terms[1].back(), "pagepage");
}

TEST(TopicNamesTest, PairsOfSignsAreJoinedToWords) {
  const std::vector<SampledDocument> documents = {document("机器学习"), document("机器学习"),
                                                  document("面包"), document("面包")};
  const auto terms = distinguishing_terms(documents, {0, 0, 1, 1}, 2, 5);
  EXPECT_EQ(terms[0], (std::vector<std::string>{"机器学习"}));
  EXPECT_EQ(terms[1], (std::vector<std::string>{"面包"}));
}

TEST(TopicNamesTest, ANameHasThreeTerms) {
  EXPECT_EQ(topic_name({"a", "b", "c", "d"}), "a, b, c");
  EXPECT_EQ(topic_name({}), "");
}

}  // namespace
}  // namespace pith
