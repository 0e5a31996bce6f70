#include "pith/curate/dedup/text_segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pith/base/random.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

using testing::ElementsAre;

std::vector<std::string> pieces(std::string_view text) {
  std::vector<TextSegment> segments;
  split_segments(text, segments);
  std::vector<std::string> out;
  for (const TextSegment& s : segments) {
    out.push_back(std::string(text.substr(s.begin, s.end - s.begin)) + (s.line_ends ? "|" : ""));
  }
  return out;
}

std::set<std::uint64_t> windows(std::string_view text) {
  std::vector<SegmentKey> keys;
  segment_keys(text, keys);
  std::set<std::uint64_t> out;
  for (const SegmentKey& k : keys) {
    if (k.key != 0 && (k.flags & kShortLine) == 0) out.insert(k.key);
  }
  return out;
}

const std::string kSentences =
    "The harbour lies behind the old wall. Ships of every size come in when the tide is high. "
    "Nobody knows who built the bridge! It is older than the town. ";

TEST(TextSegmentsTest, SentencesOfLines) {
  EXPECT_THAT(pieces(""), ElementsAre());
  EXPECT_THAT(pieces("One. Two!\n\n  Three? \nfour"),
              ElementsAre("One.", "Two!|", "Three?|", "four|"));
  EXPECT_THAT(pieces("今天天气好。我们去公园！\n好"),
              ElementsAre("今天天气好。", "我们去公园！|", "好|"));
}

TEST(TextSegmentsTest, TextBrokenToAWidthIsOneLine) {
  const std::string wrapped =
      "This long line was broken to a width by someone\nwho has long gone. Then another.\nnext";
  EXPECT_THAT(pieces(wrapped),
              ElementsAre("This long line was broken to a width by someone\nwho has long gone.",
                          "Then another.|", "next|"));
  EXPECT_THAT(pieces("apples\npears"), ElementsAre("apples|", "pears|"));
}

TEST(TextSegmentsTest, CodeIsToldApart) {
  std::vector<TextSegment> segments;
  split_segments(
      "Look at this. It works.\n\n```cpp\nint a = 1;\n\nint b;\n```\nBehind it.\n\n"
      "for (int i = 0; i < n; ++i) {\n  sum += x[i];\n}\n\nName   Size\nab     12\n\nAgain prose "
      "here.",
      segments);
  std::string kinds;
  for (const TextSegment& s : segments) kinds += s.code ? 'c' : 'p';
  EXPECT_EQ(kinds, "ppcpcccccp");
}

TEST(TextSegmentsTest, PiecesAreWholeAndInOrder) {
  const std::vector<std::string> parts = {"Word ",
                                          "中文，",
                                          "。",
                                          "! ",
                                          "\n",
                                          "\n\n",
                                          "é",
                                          "a.b ",
                                          "```\n",
                                          "ไทย",
                                          "\t",
                                          ": ",
                                          "lower case goes on for a while here\n"};
  Random random(3);
  std::vector<TextSegment> segments;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(200); n > 0; --n) text += parts[random.below(parts.size())];
    split_segments(text, segments);
    std::size_t at = 0;
    std::string left;
    for (const TextSegment& s : segments) {
      ASSERT_GE(s.begin, at);
      ASSERT_GT(s.end, s.begin);
      ASSERT_TRUE(valid_utf8(std::string_view(text).substr(s.begin, s.end - s.begin)));
      ASSERT_TRUE(std::string_view(text).substr(at, s.begin - at).find_first_not_of(" \t\n") ==
                  std::string_view::npos);
      at = s.end;
    }
  }
}

TEST(TextSegmentsTest, ALongSentenceIsCutAlikeWhereverItStands) {
  std::string words, chinese;
  Random random(4);
  for (int i = 0; i < 600; ++i) {
    words += "word" + std::to_string(random.below(1000)) + " ";
    append_utf8(static_cast<char32_t>(0x4E00 + random.below(3000)), chinese);
    if (i % 7 == 0) chinese += "，";
  }
  for (const std::string& long_one : {words, chinese}) {
    EXPECT_GT(pieces(long_one).size(), 4u);
    const auto alone = windows(long_one),
               within = windows("Something else stands here, " + long_one);
    std::size_t shared = 0;
    for (const std::uint64_t key : alone) shared += within.count(key);
    EXPECT_GE(shared + 3, alone.size());
  }
  EXPECT_EQ(pieces(std::string(5000, 'x')).size(), 1u);  // no place to cut
}

TEST(SegmentKeysTest, WindowsAreOfTheTextAlone) {
  const auto keys = windows(kSentences);
  EXPECT_GE(keys.size(), 2u);
  const auto within =
      windows("Quite another beginning. And more.\n\n" + kSentences + "\n\nThe end.");
  for (const std::uint64_t key : keys) EXPECT_TRUE(within.contains(key));
  std::string spaced = kSentences;
  spaced.replace(spaced.find(' '), 1, "  ");
  EXPECT_EQ(windows(spaced), keys);  // white space is one space
  std::string changed = kSentences;
  changed[5] = 'X';
  EXPECT_NE(windows(changed), keys);
}

TEST(SegmentKeysTest, WindowsHoldEnough) {
  std::vector<SegmentKey> keys;
  const std::string text = "a.\nb.\nc.\n" + kSentences;
  segment_keys(text, keys);
  std::vector<SegmentKey> segments;
  for (const SegmentKey& k : keys) {
    if ((k.flags & kShortLine) == 0) segments.push_back(k);
  }
  EXPECT_EQ(segments[0].key, 0u);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].key == 0) continue;
    ASSERT_LE(segments[i].back, i);
    const std::size_t first = i - segments[i].back;
    const std::uint32_t begin =
        first == 0 ? 0 : segments[first - 1].end + segments[first].space_before;
    EXPECT_GE(segments[i].end - begin, kWindowBytes);
  }
}

TEST(SegmentKeysTest, ShortLinesAtTheEdgesAndSentencesHaveKeys) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "Line " + std::to_string(i) + "\n";
  text += "This is a whole sentence of more than forty bytes.\n";
  for (int i = 0; i < 40; ++i) text += "Line " + std::to_string(i) + "\n";
  std::vector<SegmentKey> keys;
  segment_keys(text, keys);
  int lines = 0, sentences = 0;
  for (const SegmentKey& k : keys) {
    lines += (k.flags & kShortLine) != 0, sentences += (k.flags & kSentenceLine) != 0;
  }
  EXPECT_EQ(sentences, 1);
  EXPECT_EQ(lines, 2 * static_cast<int>(kEdgeLines) + 1);
  segment_keys("Leads to:\nwhat follows", keys);
  lines = 0;
  for (const SegmentKey& k : keys) lines += (k.flags & kShortLine) != 0;
  EXPECT_EQ(lines, 1);
}

}  // namespace
}  // namespace pith
