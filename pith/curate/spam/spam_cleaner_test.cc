#include "pith/curate/spam/spam_cleaner.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

SpamResult clean(const std::string& text, std::string_view title) {
  static SpamCleaner cleaner(SpamOptions{.enabled = true});
  return cleaner.clean(text, title);
}

TEST(SpamCleanerTest, ACasinoTitleOverACopiedBodyIsADoorway) {
  const std::string chinese = joined(honest_chinese()), english = joined(honest_english());
  for (const char* title :
       {"金沙娱乐官网_金沙真人荷官下载", "yaboo体育app-华美体育平台登录", "【鼎盛棋牌】lb99.com",
        "欧德官网_欧德注册开户", "必威betway中文版_必威登录"}) {
    EXPECT_EQ(clean(chinese, title).verdict.reason, "spam.doorway") << title;
  }
  for (const char* title :
       {"Lucky Palace Casino - free spins no deposit", "Golden Reel Slots online casino sign up"}) {
    EXPECT_EQ(clean(english, title).verdict.reason, "spam.doorway") << title;
  }
}

TEST(SpamCleanerTest, AnHonestReportOnGamblingStaysAsItIs) {
  const std::string chinese =
      "上周，国会通过了新的赌博法，规定网络赌博公司必须登记。新的赌博法还要求赌场检查客人的年龄。"
      "支持者说，网络赌博已经让许多家庭失去积蓄。反对者认为，赌场为小城带来了工作。"
      "根据赌博法，违反规定的赌场会被罚款。网络赌博的广告以后只能在夜里播放。"
      "专家估计，全国有两百万人经常参加网络赌博，其中一半不到三十岁。";
  EXPECT_TRUE(clean(chinese, "国会通过新赌博法：网络赌博公司必须登记").verdict.keep);
  EXPECT_EQ(clean(chinese, "国会通过新赌博法：网络赌博公司必须登记").text, chinese);
  const std::string english =
      "The state senate passed a bill on online gambling on Monday. The bill requires every casino "
      "to check the age of its guests. Supporters of the bill say that online gambling has cost "
      "many families their savings. Opponents said the casino brings jobs to small towns. Under "
      "the bill a casino that breaks the rules can be fined. Advertising for online gambling will "
      "be allowed only at night. The governor has not said whether he will sign the bill.";
  EXPECT_TRUE(clean(english, "Senate passes online gambling bill").verdict.keep);
  EXPECT_EQ(clean(english, "Senate passes online gambling bill").text, english);
}

TEST(SpamCleanerTest, ADownloadPageOfWhatItSpeaksOfIsNoDoorway) {
  const std::string text =
      "Blender is a program for drawing in three dimensions. With Blender one can model, paint and "
      "animate. Blender runs on all common systems. The manual of Blender is free as well, and the "
      "developers of Blender answer questions in a forum.";
  EXPECT_TRUE(clean(text, "Blender download - official site").verdict.keep);
}

TEST(SpamCleanerTest, SwitchedOffItTouchesNothing) {
  SpamCleaner off(SpamOptions{.enabled = false});
  const std::string text = joined(honest_english());
  std::vector<Measure> measures;
  const SpamResult result =
      off.clean(text, "Lucky Palace Casino - free spins no deposit", &measures);
  EXPECT_TRUE(result.verdict.keep);
  EXPECT_EQ(result.text.data(), text.data());
  EXPECT_TRUE(measures.empty());
}

TEST(SpamCleanerTest, WhatIsLeftIsWhatWasThereBefore) {
  const std::string text = joined(honest_chinese());
  const std::string damaged =
      "代开发票请联系QQ：12345678\n" + text + "\n需要的加V信：abc123，诚信经营";
  const SpamResult result = clean(damaged, "市水务局研究防洪工作");
  EXPECT_EQ(result.text, text);
  EXPECT_EQ(result.counts.comment_lines, 2u);
  EXPECT_EQ(result.counts.cut_bytes, damaged.size() - text.size());
  EXPECT_EQ(result.counts.documents, 1u);
}

TEST(SpamCleanerTest, FillerOfOnePhraseIsDropped) {
  const char* const said[] = {"哪家好？", "的价格是多少？", "质量有保证。", "就选我们，欢迎来电。"};
  std::string filler;
  for (int i = 0; i < 24; ++i) filler += "苏州数控机床厂家" + std::string(said[i % 4]);
  EXPECT_EQ(clean(filler, "苏州数控机床厂家").verdict.reason, "spam.phrase_density");
}

TEST(SpamCleanerTest, RepairThatWouldLeaveLittleIsNotDone) {
  std::string list = joined(honest_chinese()) + "\n";
  for (int i = 0; i < 60; ++i) {
    list +=
        "深圳网站建设，深圳网站设计，深圳网页设计，深圳网站制作，深圳网站建设公司，深圳网站设计公司"
        "\n";
  }
  EXPECT_EQ(clean(list, "深圳").text, list);
}

TEST(SpamCleanerTest, EmptyAndTinyTextsPass) {
  for (const char* text : {"", "\n", "。", "a", "\n\n\n", "```", "赌"}) {
    EXPECT_TRUE(clean(text, "").verdict.keep) << text;
    EXPECT_EQ(clean(text, "").text, text);
  }
}

TEST(SpamCleanerTest, EveryRuleSaysWhatItMeasured) {
  SpamCleaner cleaner(SpamOptions{.enabled = true});
  std::vector<Measure> all;
  cleaner.clean(joined(honest_english()), "A new library", &all);
  EXPECT_EQ(all.size(), 2u);
}

}  // namespace
}  // namespace pith
