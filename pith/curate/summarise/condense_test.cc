#include "pith/curate/summarise/condense.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

const std::string kMoon = "Moon\n\nThe moon pulls the sea and makes the tides rise.\n\n";
const std::string kSun = "Sun\n\n- warm\n- bright\n\nThe sun warms the earth every morning.\n\n";
const std::string kAgain = "The moon\n\nThe tides rise, the sea and the moon.\n\n";
const std::string kEnd = "Bread bakes in an oven.";

std::string condensed(std::string_view text, double coverage) {
  std::string buffer;
  return std::string(
      condense(text, {.enabled = true, .min_bytes = 0, .coverage = coverage}, buffer));
}

TEST(CondenseTest, APartThatOnlyRepeatsIsLeftOutWithItsHeading) {
  EXPECT_EQ(condensed(kMoon + kSun + kAgain + kEnd, 0.9), kMoon + kSun + kEnd);
  EXPECT_EQ(condensed(kMoon + kSun + kAgain, 0.9),
            (kMoon + kSun).substr(0, kMoon.size() + kSun.size() - 2));
}

TEST(CondenseTest, WhatOnlyOnePartSaysStays) {
  EXPECT_EQ(condensed(kMoon + kSun + kEnd, 1), kMoon + kSun + kEnd);
}

TEST(CondenseTest, LessCoverageKeepsLessAndTheFirstPartStays) {
  EXPECT_EQ(condensed(kMoon + kSun + kAgain + kEnd, 0), kMoon.substr(0, kMoon.size() - 2));
}

TEST(CondenseTest, ChineseIsCondensedLikeEnglish) {
  const std::string moon = "月亮的引力使海水升高，形成潮汐。\n\n",
                    sun = "太阳每天早晨温暖大地。\n\n";
  EXPECT_EQ(condensed(moon + sun + "月亮的引力，形成潮汐。\n\n面包师傅烘焙面包。", 0.9),
            moon + sun + "面包师傅烘焙面包。");
}

TEST(CondenseTest, ShortDocumentsTextsOfOnePartAndSwitchedOffAreLeftAlone) {
  const std::string text = kMoon + kSun + kAgain;
  std::string buffer;
  EXPECT_EQ(condense(text, {.enabled = true, .min_bytes = 4000}, buffer).data(), text.data());
  EXPECT_EQ(condense(text, {.enabled = false, .min_bytes = 0}, buffer).data(), text.data());
  EXPECT_EQ(condensed("no sentence\n\nat all", 0.1), "no sentence\n\nat all");
  EXPECT_EQ(condensed("", 0.5), "");
}

}  // namespace
}  // namespace pith
