#include "pith/curate/summarise/extractive_summary.h"

#include <cmath>

#include "gtest/gtest.h"
#include "pith/curate/terms/terms.h"

namespace pith {
namespace {

const std::string kText =
    "Tides\n\n"
    "The sea rises and falls twice a day. Some people like boats. The pull of the moon raises the "
    "sea into a tide. The tide follows the moon around the earth, and the sun adds its own pull. "
    "My aunt bakes bread.\n";

TEST(ExtractiveSummaryTest, TheSentenceThatSpeaksOfMostIsChosen) {
  EXPECT_EQ(summarise(kText, {.sentences = 1}), "The pull of the moon raises the sea into a tide.");
}

TEST(ExtractiveSummaryTest, ChosenSentencesKeepTheirOrderAndDoNotRepeat) {
  const std::string text =
      "Sun and moon. The moon pulls the sea. The moon pulls the sea. The sun warms the earth. "
      "Warm earth.";
  EXPECT_EQ(summarise(text, {.sentences = 9}), "The moon pulls the sea. The sun warms the earth.");
}

TEST(ExtractiveSummaryTest, BoundsAreKept) {
  EXPECT_TRUE(choose_sentences({"moon sea tide", "sea moon tide"}, {.bytes = 5}).empty());
  EXPECT_LE(summarise(kText, {.sentences = 5, .bytes = 60}).size(), 64u);
  EXPECT_EQ(summarise("", {}), "");
  EXPECT_EQ(summarise("1 2 3.", {}), "");
}

TEST(ExtractiveSummaryTest, ChineseIsJoinedWithoutSpacesAndHeadingsArePassedOver) {
  const std::string text =
      "潮汐现象\n\n海水每天涨落两次。月亮的引力使海水升高，形成潮汐。我喜欢面包。\n太阳的引力也影响"
      "潮汐。\n";
  const std::string summary = summarise(text, {.sentences = 2});
  EXPECT_NE(summary.find("月亮的引力使海水升高，形成潮汐。"), std::string::npos) << summary;
  EXPECT_EQ(summary.find(' '), std::string::npos) << summary;
  EXPECT_EQ(summary.find("潮汐现象"), std::string::npos) << summary;
  EXPECT_EQ(summary.find("面包"), std::string::npos) << summary;
}

// The greedy choice without the queue.
std::vector<std::size_t> choose_ref(const std::vector<std::string_view>& sentences,
                                    std::size_t most) {
  std::vector<std::vector<std::uint64_t>> terms(sentences.size());
  for (std::size_t i = 0; i < sentences.size(); ++i) distinct_terms(sentences[i], terms[i]);
  const auto count = [&](std::uint64_t term) {
    std::size_t n = 0;
    for (const auto& t : terms) n += static_cast<std::size_t>(std::count(t.begin(), t.end(), term));
    return n;
  };
  std::vector<std::uint64_t> covered;
  std::vector<std::size_t> chosen;
  while (chosen.size() < most) {
    double best = 0;
    std::size_t which = sentences.size();
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      double gain = 0;
      for (const std::uint64_t term : terms[i]) {
        if (std::find(covered.begin(), covered.end(), term) == covered.end()) {
          gain += std::log(static_cast<double>(count(term)));
        }
      }
      gain /= std::pow(static_cast<double>(terms[i].size()), 0.3);
      if (gain > best) best = gain, which = i;
    }
    if (which == sentences.size()) break;
    chosen.push_back(which);
    covered.insert(covered.end(), terms[which].begin(), terms[which].end());
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

TEST(ExtractiveSummaryTest, TheLazyChoiceIsTheGreedyOne) {
  const std::vector<std::string_view> words = {"moon ", "sea ", "tide ", "sun ", "earth ", "pull "};
  std::vector<std::string> texts;
  std::uint32_t state = 7;
  for (int i = 0; i < 40; ++i) {
    std::string& text = texts.emplace_back();
    for (int w = 0; w < 4 + i % 3; ++w) {
      state = state * 1664525 + 1013904223;
      const std::uint32_t pick = state >> 16;
      text += words[pick % words.size()];
      text += static_cast<char>('a' + pick / 7 % 26), text += "word ";
    }
  }
  const std::vector<std::string_view> sentences(texts.begin(), texts.end());
  for (std::size_t most : {1u, 2u, 5u, 40u}) {
    EXPECT_EQ(choose_sentences(sentences, {.sentences = most}), choose_ref(sentences, most));
  }
}

}  // namespace
}  // namespace pith
