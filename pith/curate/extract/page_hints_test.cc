#include "pith/curate/extract/page_hints.h"

#include <gmock/gmock.h>

#include <string>

namespace pith {
namespace {

PageHints hints_of(const std::string& html) {
  HtmlTree tree;
  tree.build(html);
  PageHints hints;
  read_page_hints(tree, hints);
  return hints;
}

TEST(PageHintsTest, DatesOfEveryWritingBecomeIso) {
  EXPECT_EQ(iso_date("2024-05-31T10:00:00+02:00"), "2024-05-31");
  EXPECT_EQ(iso_date("May 31, 2024"), "2024-05-31");
  EXPECT_EQ(iso_date("Published 3 September 2021 by us"), "2021-09-03");
  EXPECT_EQ(iso_date("20240531"), "2024-05-31");
  EXPECT_EQ(iso_date("2024年5月3日"), "2024-05-03");
  EXPECT_EQ(iso_date("2024/5/3 12:00"), "2024-05-03");
}

TEST(PageHintsTest, WhatIsNoDateGivesNone) {
  for (const char* text :
       {"", "yesterday", "12", "2024", "2024-13-01", "99999999999999999999", "May"}) {
    EXPECT_EQ(iso_date(text), "") << text;
  }
}

TEST(PageHintsTest, ReadsOpenGraphAndLinks) {
  const Page page = hints_of(R"(<html lang="en-GB"><head><title>A tale | The Site</title>
      <meta property="og:title" content="A tale &amp; more">
      <meta property="og:site_name" content="The Site">
      <meta name="author" content="Ann Lee">
      <meta property="article:published_time" content="2020-02-03T00:00Z">
      <link rel="canonical" href="https://example.org/tale">
      <link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head>)")
                        .metadata;
  EXPECT_EQ(page.title, "A tale & more");
  EXPECT_EQ(page.site, "The Site");
  EXPECT_EQ(page.author, "Ann Lee");
  EXPECT_EQ(page.date, "2020-02-03");
  EXPECT_EQ(page.url, "https://example.org/tale");
  EXPECT_EQ(page.license, "https://creativecommons.org/licenses/by/4.0/");
  EXPECT_EQ(page.language, "en-GB");
}

TEST(PageHintsTest, ReadsJsonLd) {
  const PageHints hints = hints_of(R"(<script type="application/ld+json">
      {"@graph": [{"@type": "NewsArticle", "headline": "Big \"news\"",
       "author": [{"@type": "Person", "name": "J\u00fcrgen"}], "datePublished": "2019-01-02",
       "publisher": {"@type": "Organization", "name": "Daily"}, "articleBody": "It was so."}]}
      </script>)");
  EXPECT_TRUE(hints.ld_article);
  EXPECT_FALSE(hints.ld_product);
  EXPECT_EQ(hints.metadata.title, "Big \"news\"");
  EXPECT_EQ(hints.metadata.author, "Jürgen");
  EXPECT_EQ(hints.metadata.site, "Daily");
  EXPECT_EQ(hints.metadata.date, "2019-01-02");
  EXPECT_NE(hints.body.find("It was so."), std::string::npos);
}

TEST(PageHintsTest, BrokenJsonLdGivesWhatStandsBeforeTheBreak) {
  const Page page = hints_of(
                        "<script type=application/ld+json>{\"headline\": \"T\", \"author\": {"
                        "\"name\": \"A\"}}]}, \"x\": \"</script>")
                        .metadata;
  EXPECT_EQ(page.title, "T");
  EXPECT_EQ(page.author, "A");
}

TEST(PageHintsTest, ATitleLosesTheNameOfItsSite) {
  EXPECT_EQ(hints_of("<title>How to sharpen knives - Kitchen</title>").metadata.title,
            "How to sharpen knives");
  EXPECT_EQ(hints_of("<title>A - B</title>").metadata.title, "A - B");
}

TEST(PageHintsTest, ALicenceLinkInTheTextIsFound) {
  EXPECT_EQ(hints_of("<p>text under <a href='http://creativecommons.org/publicdomain/zero/1.0/'>CC0"
                     "</a></p>")
                .metadata.license,
            "http://creativecommons.org/publicdomain/zero/1.0/");
}

}  // namespace
}  // namespace pith
