#include "pith/curate/cluster/language_terms.h"

#include "gtest/gtest.h"

namespace pith {
namespace {

SampledDocument document(std::string_view text, std::string_view language) {
  TermCounts counts;
  return sample_document(1, text, counts, language);
}
std::uint64_t term(std::string_view word) { return document(word, "").terms.at(0).hash; }

TEST(LanguageTermsTest, TermsAreCountedInTheirLanguages) {
  const std::vector<SampledDocument> documents = {document("linux kernel", "en"),
                                                  document("linux kernel kernel", "en"),
                                                  document("linux nicht", "de")};
  const LanguageTerms terms(documents);
  ASSERT_EQ(terms.languages(), 2u);
  EXPECT_EQ(terms.documents_in(0), 2);
  EXPECT_EQ(terms.language_of(2), 1u);
  EXPECT_EQ(terms.count(term("linux"), 0), 2u);
  EXPECT_EQ(terms.count(term("linux"), 1), 1u);
  EXPECT_EQ(terms.count(term("kernel"), 0), 2u);  // in documents, however often in each
  EXPECT_EQ(terms.count(term("kernel"), 1), 0u);
  EXPECT_EQ(terms.counts().at(term("linux")), 3u);
}

TEST(LanguageTermsTest, OneLanguageIsCountedTheSame) {
  const LanguageTerms terms({document("linux kernel", ""), document("linux", "")});
  EXPECT_EQ(terms.languages(), 1u);
  EXPECT_EQ(terms.count(term("linux"), 0), 2u);
  EXPECT_EQ(terms.count(term("kernel"), 0), 1u);
  EXPECT_EQ(terms.count(term("bread"), 0), 0u);
}

TEST(LanguageTermsTest, WhatHalfOfALanguageSaysIsCommonThoughItIsRareInTheSample) {
  std::vector<SampledDocument> documents;
  for (int i = 0; i < 100; ++i) {
    documents.push_back(document(i < 3 ? "kernel nicht" : i < 50 ? "kernel" : "bread", "en"));
  }
  for (int i = 0; i < 10; ++i) {
    documents.push_back(document(i < 5 ? "nicht hafen" : "nicht kernel", "de"));
  }
  const LanguageTerms terms(documents);
  EXPECT_TRUE(terms.is_common(term("nicht")));
  EXPECT_FALSE(terms.is_common(term("hafen")));   // half, not more
  EXPECT_FALSE(terms.is_common(term("kernel")));  // half of either
}

TEST(LanguageTermsTest, OfAHandfulOfDocumentsNothingIsCommon) {
  const std::vector<SampledDocument> documents(4, document("nicht", "de"));
  EXPECT_FALSE(LanguageTerms(documents).is_common(term("nicht")));
  const std::vector<SampledDocument> more(5, document("nicht", "de"));
  EXPECT_TRUE(LanguageTerms(more).is_common(term("nicht")));
}

}  // namespace
}  // namespace pith
