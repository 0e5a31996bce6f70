#include "pith/curate/extract/extract.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kProse1 =
    "The river rises in the hills above the town, where three springs meet, and runs for forty "
    "miles before it reaches the sea. For most of the year it is shallow enough to wade.";
constexpr const char* kProse2 =
    "In spring, when the snow melts, the water stands high in the meadows, and the herons come "
    "back "
    "to nest. People from the villages have kept a record of their arrival since 1851.";
constexpr const char* kProse3 =
    "Nobody knows who built the first bridge. The stones that are left of it, worn smooth by the "
    "water, can be seen from the path when the summer has been dry.";

std::string news_page() {
  return std::string(R"(<!DOCTYPE html><html lang="en"><head><title>The river - Valley News</title>
<script>var a = "<p>not text</p>";</script><style>p { color: red }</style></head><body>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies to improve your experience.</p>
<button>Accept all</button></div>
<header class="site-header"><nav class="main-nav"><ul><li><a href="/">Home</a></li>
<li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>
<main><article class="post"><h1>The river</h1>
<div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Tweet</a></div>
<div class="entry-content"><p>)") +
         kProse1 + "</p><h2>Birds</h2><p>" + kProse2 +
         "</p><ul><li>Herons, which nest in the alders</li><li>Kingfishers, seen in the "
         "morning</li>"
         "</ul><pre>depth = 3\n  width = "
         "40</pre><table><tr><th>Year</th><th>Nests</th></tr><tr><td>"
         "1990</td><td>12</td></tr></table><p>" +
         kProse3 +
         R"(</p></div></article></main>
<aside class="sidebar related"><h3>Related stories</h3><ul><li><a href="/1">Mill to close</a></li>
<li><a href="/2">Fair returns</a></li></ul></aside>
<footer class="site-footer"><p>© 2024 Valley News. All rights reserved.</p>
<a href="/privacy">Privacy policy</a> <a href="/terms">Terms of use</a></footer></body></html>)";
}

TEST(ExtractTest, KeepsTheArticleAndDropsWhatSurroundsIt) {
  const Page page = extract_page(news_page());
  for (const char* kept : {kProse1, kProse2, kProse3, "- Herons, which nest in the alders",
                           "depth = 3\n  width = 40", "1990 | 12", "Birds"}) {
    EXPECT_THAT(page.text, HasSubstr(kept));
  }
  for (const char* dropped : {"cookies", "Sport", "Facebook", "Mill to close", "Privacy", "rights",
                              "not text", "color"}) {
    EXPECT_THAT(page.text, Not(HasSubstr(dropped)));
  }
  EXPECT_EQ(page.title, "The river");
  EXPECT_EQ(page.language, "en");
}

TEST(ExtractTest, AnExtractorGivesTheSameForAPageAfterOthers) {
  Extractor extractor;
  const std::string page = news_page();
  const std::string alone = extract_page(page).text;
  extractor.extract("<table><tr><td>other<pre>\n x");
  EXPECT_EQ(extractor.extract(page).text, alone);
}

TEST(ExtractTest, ChinesePagesComeOutWithoutSpaces) {
  const Page page = extract_page(
      "<html lang=zh-CN><body><div class=navheader><a href=a>上一页</a> <a href=b>下一页</a></div>"
      "<div "
      "class=section><h2>系统需求</h2><p>本章包含安装<b>所需硬件</b>的信息，以及在何处可以获得更多"
      "信息的指导。请在安装之前仔细阅读本章，并确认您的硬件受到支持。</"
      "p><p>如果您在寻找其他体系的信息，请"
      "访问移植页面，那里列出了所有受支持的体系结构和相关的邮件列表。</p></div></body></html>");
  EXPECT_THAT(page.text, HasSubstr("本章包含安装所需硬件的信息，以及在何处"));
  EXPECT_THAT(page.text, Not(HasSubstr("下一页")));
}

TEST(ExtractTest, PagesWithoutTextAreEmpty) {
  for (const char* html : {"", " ", "<html>", "<script>a</script>", "<!-- a -->", "<img src=x>"}) {
    EXPECT_EQ(extract_page(html).text, "") << html;
  }
}

TEST(ExtractTest, AnArticleThatIsOnlyInThePagesDataIsFound) {
  const std::string body = std::string(kProse1) + "\\n\\n" + kProse2 + " " + kProse3;
  const Page page = extract_page(
      "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"articleBody\": \"" + body +
      "\"}</script><body><div id=root></div><footer>© Valley News</footer>");
  EXPECT_THAT(page.text, HasSubstr(kProse1));
  EXPECT_THAT(page.text, HasSubstr(kProse3));
}

TEST(ExtractTest, TextIsValidUtf8WhateverTheInput) {
  const Page page = extract_page(
      "<p>Good words, and then \xFF\xC3( some that are not, which stay in "
      "the sentence as marks of replacement.</p>");
  EXPECT_THAT(page.text, HasSubstr("then \xEF\xBF\xBD\xEF\xBF\xBD( some"));
}

// Every prefix of a page is a page; no read goes beyond the end (the sanitizers watch).
TEST(ExtractTest, CutAndGarbledPagesAreRead) {
  const std::string whole = news_page();
  Extractor extractor;
  Random random(11);
  for (int round = 0; round < 400; ++round) {
    std::string page = whole.substr(0, random.below(whole.size() + 1));
    for (std::uint64_t edits = random.below(8); edits > 0 && !page.empty(); --edits) {
      const std::size_t at = random.below(page.size());
      static constexpr std::string_view kBytes = "<>/\"'=&;!-\0\xFF\xE4 pa";
      page[at] = kBytes[random.below(kBytes.size())];
    }
    // An exact copy on the heap, so that one byte too far is seen.
    const std::vector<char> exact(page.begin(), page.end());
    extractor.extract(std::string_view(exact.data(), exact.size()));
  }
}

// These would take hours if any step looked back at what it has read.
TEST(ExtractTest, HostilePagesCostNoMoreThanLong) {
  Extractor extractor;
  for (const std::string piece : {"<div>",
                                  "<p>a",
                                  "<a href=x>b",
                                  "<li><ul>",
                                  "<table><tr><td>",
                                  "<b><i>c",
                                  "</div>",
                                  "<span class='x y z'>d",
                                  "<!--",
                                  "&",
                                  "&amp",
                                  "<h1>e",
                                  "<dl><dt>f",
                                  "<x y=\"",
                                  "<svg><math>",
                                  "<script>",
                                  "<td>g</td>",
                                  "<br>h",
                                  "<pre>\n",
                                  "<time>i",
                                  "<p class=author>j</p>",
                                  "<button>k",
                                  "<noscript>"}) {
    std::string page;
    while (page.size() < (3u << 20)) page += piece;
    const Page result = extractor.extract(page);
    EXPECT_LE(result.text.size(), 3 * page.size()) << piece;
  }
}

TEST(ExtractTest, FiftyMegabytesOfOpenElementsAreRead) {
  std::string page;
  while (page.size() < (50u << 20)) page += "<div>";
  EXPECT_EQ(extract_page(page + "<p>" + kProse1 + "</p>").text, kProse1);
}

TEST(ExtractTest, ABoundOnNodesCutsHugePagesOnly) {
  std::string page = "<main>";
  for (int i = 0; i < 1000; ++i) page += "<p>Paragraph number " + std::to_string(i) + " of it.</p>";
  Extractor extractor;
  EXPECT_THAT(extractor.extract(page).text, testing::HasSubstr("number 999"));
  const std::string cut = extractor.extract(page, {.max_nodes = 500}).text;
  EXPECT_THAT(cut, testing::HasSubstr("number 200"));
  EXPECT_THAT(cut, testing::Not(testing::HasSubstr("number 300")));
}

TEST(ExtractTest, AHugePageLeavesNothingBehind) {
  std::string huge = "<main>";
  for (int i = 0; i < 60'000; ++i) huge += "<p>Paragraph number " + std::to_string(i) + ".</p>";
  const std::string page = "<main><p>The only paragraph of this page.</p></main>";
  Extractor extractor;
  const std::string before = extractor.extract(page).text;
  EXPECT_GT(extractor.extract(huge).text.size(), 100'000u);
  EXPECT_EQ(extractor.extract(page).text, before);
}

}  // namespace
}  // namespace pith
