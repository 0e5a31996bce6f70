#include "pith/curate/spam/spam_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/curate/spam/spam_text_test.h"

namespace pith {
namespace {

SpamLines find(const std::string& text) {
  std::vector<SpamToken> tokens;
  append_spam_tokens(text, tokens);
  std::vector<CueHit> cues;
  find_cues(text, tokens, cues);
  SpamLineFinder finder;
  return finder.find(text, tokens, cues);
}

TEST(SpamLinesTest, ARunOfKeywordsFalls) {
  const std::string text = joined(honest_chinese()) + "\n";
  const auto found =
      find(text +
           "深圳网站建设，深圳网站设计，深圳网页设计，深圳网站制作，深圳网站建设公司，"
           "深圳网站设计公司，深圳网页制作公司\n");
  EXPECT_EQ(found.keyword_lines, 1u);
  ASSERT_EQ(found.cuts.size(), 1u);
  EXPECT_EQ(found.cuts[0].begin, text.size());
}

TEST(SpamLinesTest, AListOfDifferentThingsStays) {
  EXPECT_TRUE(find("准备苹果、香蕉、橘子、葡萄、西瓜、菠萝、草莓、樱桃和桃子\n").cuts.empty());
  EXPECT_TRUE(
      find("Bring apples, bananas, oranges, two loaves, butter, salt, sugar, milk\n").cuts.empty());
}

TEST(SpamLinesTest, CommentsThatAdvertiseFall) {
  EXPECT_EQ(find("代开发票请联系QQ：12345678\n").comment_lines, 1u);
  EXPECT_EQ(find("Great post! Visit my site http://kk8.com/slots\n").comment_lines, 1u);
}

TEST(SpamLinesTest, ASentenceAboutContactsStays) {
  EXPECT_EQ(find("警方提醒，不要随便添加陌生人的微信。\n").comment_lines, 0u);
  EXPECT_EQ(
      find("The library has a site: see [its page](https://example.org/slots).\n").comment_lines,
      0u);
}

const char* const kHeadlines =
    "男子深夜迷路民警护送回家\n国产新车下月上市价格公布\n三招教你挑选新鲜的螃蟹\n"
    "女排今晚迎战强敌巴西队\n高考志愿填报需要注意什么\n这座古镇为何吸引众多游客\n"
    "明星夫妇机场牵手甜蜜现身\n专家谈儿童近视防控办法\n手机电池不耐用怎么解决\n"
    "春季护肤有哪些小窍门\n央行今日公布最新利率\n动物园迎来一对小狮子\n";

TEST(SpamLinesTest, UnrelatedHeadlinesAtTheEndFall) {
  const std::string text = joined(honest_chinese()) + "\n\n";
  const auto found = find(text + kHeadlines);
  EXPECT_EQ(found.headline_lines, 12u);
  ASSERT_EQ(found.cuts.size(), 1u);
  EXPECT_EQ(found.cuts[0].begin, text.size());
}

TEST(SpamLinesTest, HeadlinesBeforeAnArticleStay) {
  EXPECT_EQ(find(kHeadlines + joined(honest_chinese())).headline_lines, 0u);
}

TEST(SpamLinesTest, AListOfWhatTheTextSpokeOfStays) {
  const std::string text = joined(honest_chinese()) + "\n";
  EXPECT_EQ(find(text + "提前检查河道和水库\n更换老旧的排水管道\n增加了三座泵站\n注意收听天气预报\n"
                        "保护湿地同样重要\n种植更多的树木\n修建一条步行道路\n")
                .headline_lines,
            0u);
}

TEST(SpamLinesTest, ALeadFallsWithItsList) {
  const std::string text = joined(honest_chinese()) + "\n";
  const auto found = find(text + "热门推荐\n" + kHeadlines);
  EXPECT_EQ(found.headline_lines, 13u);
}

TEST(SpamLinesTest, AListWithoutATextBeforeItStays) {
  EXPECT_EQ(find(std::string("今日要闻\n") + kHeadlines).headline_lines, 0u);
}

TEST(SpamLinesTest, ATableOfContentsStays) {
  std::string contents = joined(honest_english()) + "\n";
  const char* const titles[] = {"Booting from a memory stick", "Partitioning by hand",
                                "Choosing a mirror nearby",    "Setting the clock",
                                "Adding printers and fonts",   "Reading mail offline",
                                "Removing what is not needed", "Asking others for advice"};
  for (std::size_t i = 0; i < 8; ++i) {
    contents += "4." + std::to_string(i + 1) + ". " + titles[i] + "\n";
  }
  EXPECT_EQ(find(contents).headline_lines, 0u);
}

TEST(SpamLinesTest, TablesAndFormulasAreNoKeywords) {
  EXPECT_TRUE(find("Size | Flat sheet | Fitted sheet | Duvet cover | Sheet set | Sheet\n"
                   "Twin | Flat sheet | Fitted sheet | Duvet cover | Sheet set | Sheet\n")
                  .cuts.empty());
  EXPECT_TRUE(
      find("(a) The 7 is in the tens place. (b) The 0 is in the tens place. (c) The 1 is in "
           "the tens place. (d) The 6 is in the tens place\n")
          .cuts.empty());
}

TEST(SpamLinesTest, AdviceToLookAtASiteIsNoAdvertisement) {
  for (const char* line :
       {"To see more, take a look at http://example.org/log analysis and its manual.\n",
        "Because of its tie to Stake.com (an online casino that its founders began in 2017) some "
        "stay "
        "away.\n",
        "My site like this is downloads.example.net. Here is how I set it up\n"}) {
    EXPECT_EQ(find(line).comment_lines, 0u) << line;
  }
}

}  // namespace
}  // namespace pith
