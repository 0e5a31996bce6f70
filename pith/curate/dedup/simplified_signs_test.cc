#include "pith/curate/dedup/simplified_signs.h"

#include <gtest/gtest.h>

#include <string>

namespace pith {
namespace {

std::u32string simplified(std::u32string text) {
  for (char32_t& c : text) c = simplified_sign(c);
  return text;
}

TEST(SimplifiedSignsTest, TraditionalBecomesSimplified) {
  EXPECT_EQ(simplified(U"機器學習與軟體開發"), U"机器学习与软体开发");
  EXPECT_EQ(simplified(U"後來頭髮發白"), U"后来头发发白");
}

TEST(SimplifiedSignsTest, EverythingElseStays) {
  for (const std::u32string text :
       {U"机器学习", U"abc ÄÖ 12", U"ひらがな カタカナ 한글", U"\U00020000"}) {
    EXPECT_EQ(simplified(text), text);
  }
}

TEST(SimplifiedSignsTest, TwiceIsAsOnce) {
  for (char32_t c = 0x4E00; c <= 0x9FFF; ++c) {
    EXPECT_EQ(simplified_sign(simplified_sign(c)), simplified_sign(c)) << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace pith
