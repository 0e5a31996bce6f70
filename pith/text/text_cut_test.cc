#include "pith/text/text_cut.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pith/text/awkward_text.h"
#include "pith/text/pretokenizer.h"

namespace pith {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::vector<std::string> split(PretokenizerKind kind, std::string_view text) {
  std::vector<std::string> pieces;
  for_each_pretoken(kind, text, [&](std::string_view piece) { pieces.emplace_back(piece); });
  return pieces;
}

std::vector<std::size_t> cuts(std::string_view text, CutPlaces places = {}) {
  std::vector<std::size_t> all;
  for (std::size_t at = 0; (at = next_cut(text, at, places)) != kNone; ++at) all.push_back(at);
  return all;
}

TEST(TextCutTest, NoPretokenGoesOverACutAndNoneChanges) {
  Random random(1);
  std::size_t checked = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = awkward_text(random, 1 + random.below(12));
    for (const std::size_t at : cuts(text)) {
      ++checked;
      for (const auto kind :
           {PretokenizerKind::kGpt4, PretokenizerKind::kGpt2, PretokenizerKind::kQwen2}) {
        auto parts = split(kind, std::string_view(text).substr(0, at));
        for (std::string& piece : split(kind, std::string_view(text).substr(at))) {
          parts.push_back(std::move(piece));
        }
        ASSERT_EQ(parts, split(kind, text)) << testing::PrintToString(text) << " at " << at;
      }
    }
  }
  EXPECT_GT(checked, 2'000u);
}

TEST(TextCutTest, BrokenTextIsRepairedPartByPart) {
  Random random(2);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = broken_text(random, 1 + random.below(12));
    for (const std::size_t at : cuts(text)) {
      ASSERT_EQ(replace_invalid_utf8(text.substr(0, at)) + replace_invalid_utf8(text.substr(at)),
                replace_invalid_utf8(text));
    }
  }
}

TEST(TextCutTest, TheLastIsTheLastOfAll) {
  Random random(3);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = awkward_text(random, random.below(12));
    for (const CutPlaces places : {CutPlaces{true, true}, {true, false}, {false, true}}) {
      const auto all = cuts(text, places);
      ASSERT_EQ(last_cut(text, places), all.empty() ? 0 : all.back())
          << testing::PrintToString(text);
    }
  }
}

TEST(TextCutTest, FindsPlacesInEnglishAndChinese) {
  EXPECT_EQ(cuts("one two\nthree"), (std::vector<std::size_t>{3, 8}));
  EXPECT_EQ(cuts("中文。\n第二行\n"), (std::vector<std::size_t>{10}));
  EXPECT_EQ(cuts("a  b\n\nc \xE3\x80\x80 d"), (std::vector<std::size_t>{1, 7}));
  EXPECT_EQ(next_cut("one two three", 4), 7u);
  EXPECT_EQ(next_cut("a\nb", 2), 2u);
  EXPECT_EQ(next_cut("nothing", 0), kNone);
  EXPECT_EQ(next_cut("", 5), kNone);
  // More text may follow: a newline at the end is not known to be the last.
  EXPECT_EQ(last_cut("one\n"), 0u);
  EXPECT_EQ(last_cut("one\n\xE4\xB8"), 0u);
}

}  // namespace
}  // namespace pith
