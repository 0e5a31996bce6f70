#include "pith/curate/dedup/repeated_text.h"

#include <gtest/gtest.h>

#include "pith/base/random.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// A sentence of about 60 bytes, of its own.
std::string sentence(std::uint64_t seed) {
  Random random(seed, "sentence");
  std::string text = "The";
  for (int w = 0; w < 9; ++w) {
    text += ' ';
    for (int c = 0; c < 5; ++c) text += static_cast<char>('a' + random.below(26));
  }
  return text + ".";
}
std::string sentences(std::uint64_t first, std::uint64_t count) {
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + sentence(first + i);
  return text;
}

std::vector<std::string> cut(const std::vector<std::string>& texts,
                             const RepeatedTextOptions& options = {}) {
  return cut_repeated_ref(texts, options);
}

TEST(RepeatedTextTest, ALongPassageStaysInTheFirstDocumentOnly) {
  const std::string passage = sentences(100, 20);
  const std::string a = sentences(1, 5) + "\n\n" + passage + "\n\n" + sentences(6, 5);
  const std::string b =
      sentences(20, 5) + " " + passage + " " + sentences(30, 5);  // in a paragraph
  const auto left = cut({a, b});
  EXPECT_EQ(left[0], a);
  EXPECT_EQ(left[1], sentences(20, 5) + " " + sentences(30, 5));
}

TEST(RepeatedTextTest, AShorterPassageOfTwoDocumentsStays) {
  const std::string passage = sentences(100, 8);
  const std::vector<std::string> texts = {sentences(1, 5) + "\n" + passage,
                                          sentences(20, 5) + "\n" + passage};
  EXPECT_EQ(cut(texts), texts);
}

TEST(RepeatedTextTest, AParagraphOfThreeDocumentsGoesFromTheLaterOnes) {
  const std::string paragraph = sentences(100, 3);
  std::vector<std::string> texts;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    texts.push_back(sentences(10 * i, 4) + "\n\n" + paragraph + "\n\n" + sentences(10 * i + 5, 4));
  }
  const auto left = cut(texts);
  EXPECT_EQ(left[0], texts[0]);
  EXPECT_EQ(left[1], sentences(20, 4) + "\n\n" + sentences(25, 4));
  EXPECT_EQ(left[2], sentences(30, 4) + "\n\n" + sentences(35, 4));
  // In the middle of a paragraph and at its end it stays: only whole lines go.
  for (std::uint64_t i = 0; i < 3; ++i) {
    texts[i] = sentences(10 * i + 10, 4) + " " + paragraph + "\n\n" + sentences(10 * i + 15, 4);
  }
  EXPECT_EQ(cut(texts), texts);
  for (std::uint64_t i = 0; i < 3; ++i) {
    texts[i] = sentences(10 * i + 10, 4) + " " + paragraph + " " + sentences(10 * i + 15, 4);
  }
  EXPECT_EQ(cut(texts), texts);
}

TEST(RepeatedTextTest, ChineseParagraphsAreCutAtCharacters) {
  const std::string paragraph =
      "本文由翻译小组原创编译，荣誉推出。转载请注明出处和译者。欢迎加入我们的翻译计划，一起分享知识"
      "。";
  std::vector<std::string> texts;
  for (int i = 0; i < 4; ++i) {
    texts.push_back("第" + std::to_string(i) + "篇文章讲的是不同的事情，内容各不相同。\n\n" +
                    paragraph + "\n\n这是第" + std::to_string(i) + "篇文章的结尾。");
  }
  const auto left = cut(texts);
  EXPECT_EQ(left[0], texts[0]);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(left[i].find("翻译小组"), std::string::npos);
    EXPECT_NE(left[i].find("结尾"), std::string::npos);
    EXPECT_TRUE(valid_utf8(left[i]));
  }
}

TEST(RepeatedTextTest, NavigationAtTheEdgesGoesHeadingsStay) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 12; ++i) {
    texts.push_back("Home\nNews\n" + sentences(10 * i, 4) + "\n\nExample\n\n" +
                    sentences(10 * i + 5, 4) + "\nBack to top\nPrint");
  }
  const auto left = cut(texts);
  EXPECT_EQ(left[0], texts[0]);
  EXPECT_EQ(left[11], sentences(110, 4) + "\n\nExample\n\n" + sentences(115, 4));
  for (std::uint64_t i = 0; i < 12; ++i) {  // a heading alone at the top
    texts[i] = "Introduction\n" + sentences(10 * i, 4);
  }
  EXPECT_EQ(cut(texts), texts);
}

TEST(RepeatedTextTest, CodeAndWhatAColonLeadsToStay) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 12; ++i) {
    texts.push_back(sentences(10 * i, 4) +
                    "\n\n```\nint main() {\n  return function_of(argument, 1);\n}\n" +
                    sentences(1000, 20) + "\n```\n\nDo as number " + std::to_string(i) +
                    " says:\n\n" + sentences(2000, 3) + "\n\n" + sentences(10 * i + 5, 4));
  }
  EXPECT_EQ(cut(texts), texts);
}

TEST(RepeatedTextTest, RepetitionWithinADocumentIsNotLookedAt) {
  const std::vector<std::string> texts = {sentences(1, 20) + "\n" + sentences(1, 20),
                                          sentences(50, 20)};
  EXPECT_EQ(cut(texts), texts);
}

TEST(RepeatedTextTest, WhatIsLeftIsMadeOfWholeSegments) {
  Random random(5);
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {
    std::string text;
    for (std::uint64_t n = 5 + random.below(30); n > 0; --n) {
      text += random.below(3) == 0 ? "\n\n" : text.empty() ? "" : " ";
      text += sentence(random.below(60));
    }
    texts.push_back(text);
  }
  RepeatedTextOptions options;
  options.passage_bytes = 200, options.line_documents = 2;
  const auto left = cut(texts, options);
  std::size_t cut_bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    cut_bytes += texts[i].size() - left[i].size();
    std::vector<TextSegment> segments;
    split_segments(left[i], segments);
    for (const TextSegment& s : segments) {
      EXPECT_NE(texts[i].find(left[i].substr(s.begin, s.end - s.begin)), std::string::npos);
      EXPECT_TRUE(left[i].substr(s.begin, 4) == "The ") << left[i].substr(s.begin, 20);
    }
  }
  EXPECT_GT(cut_bytes, 0u);
}

TEST(RepeatedTextTest, RangesGoAway) {
  EXPECT_EQ(without_ranges("0123456789", std::vector<ByteRange>{{0, 2}, {5, 6}, {9, 10}}),
            "234678");
  EXPECT_EQ(bytes_of(std::vector<ByteRange>{{0, 2}, {5, 6}, {9, 10}}), 4u);
  EXPECT_EQ(without_ranges("012", {}), "012");
}

}  // namespace
}  // namespace pith
