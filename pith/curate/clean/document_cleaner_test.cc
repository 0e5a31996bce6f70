#include "pith/curate/clean/document_cleaner.h"

#include <gtest/gtest.h>

#include "pith/curate/clean/checked_text_test.h"

namespace pith {
namespace {

// One sentence of ten words, another for every number.
std::string sentence(int number) {
  const std::string n = std::to_string(number);
  return "The ship" + n + " of wood" + n + " went to island" + n + " with the cargo" + n + ".\n";
}

std::string sentences(int first, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += sentence(first + i);
  return out;
}

TEST(DocumentCleanerTest, FiltersSeeWhatTheLineRulesLeave) {
  const FilterList filters = default_filters();
  DocumentCleaner cleaner(filters);
  const std::string notice = "Please enable JavaScript in your browser.\n";
  const std::string kept = sentences(0, 5), small = sentences(0, 4) + "The end of these six words.";
  const CleanedDocument good = cleaner.clean(notice + kept, "en");
  EXPECT_TRUE(good.verdict.keep) << good.verdict.reason;
  EXPECT_EQ(good.text, kept.substr(0, kept.size() - 1));
  EXPECT_EQ(good.dropped_lines, 1u);
  // 46 words of its own; with the notice they would be enough.
  const CleanedDocument dropped = cleaner.clean(notice + small, "en");
  EXPECT_EQ(dropped.verdict.reason, "gopher_quality.min_words");
  EXPECT_EQ(dropped.verdict.value, 46);
}

TEST(DocumentCleanerTest, ALineRuleThatDropsThePageEndsIt) {
  const FilterList filters = default_filters();
  DocumentCleaner cleaner(filters);
  EXPECT_EQ(cleaner.clean("Lorem ipsum dolor.", "en").verdict.reason, "c4_lines.lorem_ipsum");
}

TEST(DocumentCleanerTest, OneCleanerServesManyDocumentsInAnyLanguage) {
  const FilterList filters = default_filters();
  DocumentCleaner used(filters);
  const std::string texts[] = {
      sentences(0, 9), "的在" + signs(60) + "。", sentences(20, 5), "", "短", "short"};
  const std::string languages[] = {"en", "zh-Hans", "en", "und", "zh-Hant", "en"};
  for (std::size_t i = 0; i < std::size(texts); ++i) {
    DocumentCleaner fresh(filters);
    const FilterVerdict again = used.clean(texts[i], languages[i]).verdict;
    const FilterVerdict first = fresh.clean(texts[i], languages[i]).verdict;
    EXPECT_EQ(again.keep, i < 3) << i << again.reason;
    EXPECT_EQ(again.reason, first.reason);
    EXPECT_EQ(again.value, first.value);
  }
}

TEST(DocumentCleanerTest, CleanTextIsNotCopied) {
  const FilterList filters = default_filters();
  DocumentCleaner cleaner(filters);
  const std::string text = sentences(0, 5);
  EXPECT_EQ(cleaner.clean(text, "en").text.data(), text.data());
}

}  // namespace
}  // namespace pith
