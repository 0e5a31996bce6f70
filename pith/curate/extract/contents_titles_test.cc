#include "pith/curate/extract/contents_titles.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pith {
namespace {

// Whether `title` stays on a page that goes on after it as `rest` says, a letter a block: 'k' kept
// text, 'd' dropped text, 'l' a dropped link.
bool stays(std::string_view title, std::string_view rest) {
  TextBlocks blocks;
  std::vector<std::uint8_t> keep;
  const auto add = [&](std::string_view text, bool in_link, bool kept) {
    TextBlock& block = blocks.blocks.emplace_back();
    block.begin = static_cast<std::uint32_t>(blocks.text.size());
    blocks.text += text;
    block.end = static_cast<std::uint32_t>(blocks.text.size());
    count_text(text, in_link, block.stats);
    keep.push_back(kept);
  };
  add("The title of the page", false, true);
  add(title, false, true);
  for (const char c : rest) add("A few words", c == 'l', c == 'k');
  drop_contents_titles(blocks, keep);
  for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_EQ(keep[i + 2], rest[i] == 'k');
  EXPECT_TRUE(keep[0]);
  return keep[1] != 0;
}

TEST(ContentsTitlesTest, TheTitleOfADroppedListFalls) {
  for (const char* title : {"Contents", "Table of Contents", "On this page:", "目录", "目錄"}) {
    EXPECT_FALSE(stays(title, "lllkk")) << title;
    EXPECT_FALSE(stays(title, "lll")) << title;
    EXPECT_FALSE(stays(title, "llldk")) << title;
  }
}

TEST(ContentsTitlesTest, WithoutADroppedListOfLinksItStays) {
  for (const char* rest : {"kkk", "lk", "ddddk", "ldddk", ""}) {
    EXPECT_TRUE(stays("Contents", rest)) << rest;
  }
}

TEST(ContentsTitlesTest, OtherTitlesStay) {
  for (const char* title : {"Kit contents", "Related", "Contents of the box", "目录学"}) {
    EXPECT_TRUE(stays(title, "lllkk")) << title;
  }
}

}  // namespace
}  // namespace pith
