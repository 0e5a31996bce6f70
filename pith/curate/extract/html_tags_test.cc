#include "pith/curate/extract/html_tags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace pith {
namespace {

TEST(HtmlTagsTest, EveryNameIsFoundInAnyCase) {
  for (std::size_t i = 0; i < kHtmlTagCount; ++i) {
    const auto tag = static_cast<HtmlTag>(i);
    std::string name(html_tag_name(tag));
    if (name.empty()) continue;  // text and unknown elements have none
    EXPECT_EQ(html_tag(name), tag) << name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(html_tag(name), tag) << name;
  }
}

TEST(HtmlTagsTest, OtherNamesAreUnknown) {
  for (const char* name : {"", "di", "divv", "h7", "h", "my-div", "blockquotes", "text", "unknown",
                           "a-very-long-name-of-a-custom-element", "d1v", "中"}) {
    EXPECT_EQ(html_tag(name), HtmlTag::kUnknown) << name;
  }
}

TEST(HtmlTagsTest, BehaviourIsThatOfHtml) {
  EXPECT_TRUE(has_behaviour(HtmlTag::kBr, kTagVoid));
  EXPECT_FALSE(has_behaviour(HtmlTag::kBr, kTagBlock));
  EXPECT_TRUE(has_behaviour(HtmlTag::kP, kTagBlock));
  EXPECT_TRUE(has_behaviour(HtmlTag::kTitle, kTagRcdata));
  EXPECT_TRUE(has_behaviour(HtmlTag::kStyle, kTagRawtext));
  EXPECT_TRUE(has_behaviour(HtmlTag::kEm, kTagFormatting));
  EXPECT_FALSE(has_behaviour(HtmlTag::kUnknown, ~0));
  EXPECT_TRUE(has_behaviour(HtmlTag::kTd, kTagTable | kTagVoid));  // one of them is enough
}

TEST(HtmlTagsTest, HeadingsAreH1ToH6) {
  int headings = 0;
  for (std::size_t i = 0; i < kHtmlTagCount; ++i) headings += is_heading(static_cast<HtmlTag>(i));
  EXPECT_EQ(headings, 6);
  EXPECT_TRUE(is_heading(html_tag("h1")) && is_heading(html_tag("H6")));
}

}  // namespace
}  // namespace pith
