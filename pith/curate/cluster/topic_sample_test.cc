#include "pith/curate/cluster/topic_sample.h"

#include "gtest/gtest.h"

namespace pith {
namespace {

TEST(TopicSampleTest, TheLeastKeysStayWhateverTheOrder) {
  TopicSample up(3), down(3);
  TermCounts counts;
  const auto numbered = [&](std::uint64_t i) {
    return sample_document(i * 7 % 10, "word number " + std::to_string(i), counts);
  };
  for (std::uint64_t i = 0; i < 10; ++i) up.add(numbered(i));
  for (std::uint64_t i = 10; i-- > 0;) down.add(numbered(i));
  const auto a = up.take(), b = down.take();
  ASSERT_EQ(a.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(a[i].key, i);
    EXPECT_EQ(b[i].key, i);
  }
}

TEST(TopicSampleTest, TermsComeByTheirCount) {
  TermCounts counts;
  const SampledDocument document = sample_document(1, "Tide and tides, moon, TIDES", counts);
  ASSERT_EQ(document.terms.size(), 3u);
  EXPECT_EQ(document.terms[0].surface, "tides");
  EXPECT_EQ(document.terms[0].count, 2u);
}

TEST(TopicSampleTest, OfManyTermsTheMostFrequentAreRemembered) {
  std::string text = "river river";
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) text += std::string(" ") + a + b + "qzx";
  }
  TermCounts counts;
  const SampledDocument document = sample_document(1, text, counts);
  ASSERT_EQ(document.terms.size(), kTopicTerms);
  EXPECT_EQ(document.terms[0].surface, "river");
  EXPECT_LT(document.terms[1].hash, document.terms[2].hash);
}

TEST(TopicSampleTest, TextWithoutTermsIsNoDocument) {
  TopicSample sample(2);
  TermCounts counts;
  sample.add(sample_document(1, "1 2 3", counts));
  sample.add(sample_document(2, "", counts));
  EXPECT_TRUE(sample.take().empty());
}

}  // namespace
}  // namespace pith
