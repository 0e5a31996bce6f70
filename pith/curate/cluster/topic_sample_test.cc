#include "pith/curate/cluster/topic_sample.h"

#include "gtest/gtest.h"

namespace pith {
namespace {

TEST(TopicSampleTest, TheLeastKeysStayWhateverTheOrder) {
  TopicSample up(3), down(3);
  for (std::uint64_t i = 0; i < 10; ++i) up.add(i * 7 % 10, "word number " + std::to_string(i));
  for (std::uint64_t i = 10; i-- > 0;) down.add(i * 7 % 10, "word number " + std::to_string(i));
  const auto a = up.take(), b = down.take();
  ASSERT_EQ(a.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(a[i].key, i);
    EXPECT_EQ(b[i].key, i);
  }
  EXPECT_EQ(up.documents_seen(), 10u);
}

TEST(TopicSampleTest, TermsComeByTheirCount) {
  TopicSample sample(1);
  sample.add(1, "Tide and tides, moon, TIDES");
  const auto documents = sample.take();
  ASSERT_EQ(documents.size(), 1u);
  ASSERT_EQ(documents[0].terms.size(), 3u);
  EXPECT_EQ(documents[0].terms[0].surface, "tides");
  EXPECT_EQ(documents[0].terms[0].count, 2u);
}

TEST(TopicSampleTest, TextWithoutTermsIsNoDocument) {
  TopicSample sample(2);
  sample.add(1, "1 2 3");
  sample.add(2, "");
  EXPECT_TRUE(sample.take().empty());
}

}  // namespace
}  // namespace pith
