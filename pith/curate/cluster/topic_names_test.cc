#include "pith/curate/cluster/topic_names.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace pith {
namespace {

SampledDocument document(std::string_view text, std::string_view language = "") {
  TermCounts counts;
  return sample_document(1, text, counts, language);
}

std::vector<std::vector<std::string>> terms_of(const std::vector<SampledDocument>& documents,
                                               const std::vector<std::uint32_t>& group_of,
                                               std::size_t groups, std::size_t most) {
  return distinguishing_terms(documents, LanguageTerms(documents), group_of, groups, most);
}

TEST(TopicNamesTest, WhatIsEverywhereNamesNothing) {
  const std::vector<SampledDocument> documents = {
      document("page kernel module"), document("page kernel driver"), document("page bread flour"),
      document("page bread oven")};
  const auto terms = terms_of(documents, {0, 0, 1, 1}, 2, 3);
  EXPECT_EQ(terms[0].front(), "kernel");
  EXPECT_EQ(terms[1].front(), "bread");
  EXPECT_NE(terms[0].back() + terms[1].back(), "pagepage");
}

TEST(TopicNamesTest, PairsOfSignsAreJoinedToWords) {
  const std::vector<SampledDocument> documents = {document("机器学习"), document("机器学习"),
                                                  document("面包"), document("面包")};
  const auto terms = terms_of(documents, {0, 0, 1, 1}, 2, 5);
  EXPECT_EQ(terms[0], (std::vector<std::string>{"机器学习"}));
  EXPECT_EQ(terms[1], (std::vector<std::string>{"面包"}));
}

// English is most of the sample; German has one group, Swedish two.
TEST(TopicNamesTest, GroupsAreNamedByWhatTheyAreAboutInAnyLanguage) {
  std::vector<SampledDocument> documents;
  std::vector<std::uint32_t> group_of;
  const auto add = [&](const std::string& text, std::string_view language, std::uint32_t group) {
    documents.push_back(document(text, language));
    group_of.push_back(group);
  };
  for (int i = 0; i < 200; ++i) add(i % 2 == 0 ? "kernel page" : "bread page", "en", i % 2);
  const char* const things[] = {"drucker", "kamera", "monitor"};
  for (int i = 0; i < 12; ++i) {
    add("nicht werden einen " + std::string(i % 2 == 0 ? "installation " : "") + things[i % 3],
        "de", 2);
  }
  for (int i = 0; i < 12; ++i) {
    const bool harbour = i < 6;
    add(std::string("inte eller detta ") + (harbour ? "hamnen " : "skogen ") + things[i % 3], "sv",
        harbour ? 3 : 4);
  }
  const auto terms = terms_of(documents, group_of, 5, 3);
  EXPECT_EQ(terms[0].front(), "kernel");
  EXPECT_EQ(terms[1].front(), "bread");
  EXPECT_EQ(terms[3].front(), "hamnen");
  EXPECT_EQ(terms[4].front(), "skogen");
  for (std::uint32_t group = 2; group < 5; ++group) {
    for (const std::string& term : terms[group]) {
      for (const char* said_everywhere : {"nicht", "werden", "einen", "inte", "eller", "detta"}) {
        EXPECT_NE(term, said_everywhere) << group;
      }
    }
  }
}

TEST(TopicNamesTest, ANameHasThreeTerms) {
  EXPECT_EQ(topic_name({"a", "b", "c", "d"}), "a, b, c");
  EXPECT_EQ(topic_name({}), "");
}

}  // namespace
}  // namespace pith
