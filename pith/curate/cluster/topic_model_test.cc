#include "pith/curate/cluster/topic_model.h"

#include <algorithm>
#include <set>

#include "gtest/gtest.h"
#include "pith/base/hash.h"
#include "pith/base/random.h"

namespace pith {
namespace {

const std::vector<std::vector<std::string>> kSubjects = {
    {"kernel", "module", "driver", "memory", "device", "interrupt", "scheduler"},
    {"flour", "bread", "oven", "yeast", "dough", "butter", "kitchen"},
    {"planet", "orbit", "telescope", "galaxy", "comet", "gravity", "moon"},
    {"海水", "潮汐", "渔船", "港口", "航行", "灯塔", "沙滩"}};

class TopicModelTest : public testing::Test {
 protected:
  void SetUp() override {
    Random random(5);
    for (std::size_t i = 0; i < 200; ++i) {
      std::string text;
      for (int w = 0; w < 30; ++w) {
        const auto& words = kSubjects[i % kSubjects.size()];
        text += words[random.below(words.size())] + (i % 4 == 3 ? "，" : " ");
        text += "common" + std::string(1, static_cast<char>('a' + random.below(26))) + " ";
      }
      texts_.push_back(text);
    }
  }
  TopicModel learn(bool backwards, int threads = 1) {
    TopicSample sample(1000);
    TermCounts counts;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const std::string& text = texts_[backwards ? texts_.size() - 1 - i : i];
      sample.add(sample_document(hash64(text), text, counts));
    }
    Context context;
    context.threads = threads;
    return TopicModel::learn(sample.take(), {.topics = 4}, context);
  }
  std::vector<std::string> texts_;
};

TEST_F(TopicModelTest, SubjectsBecomeTopicsWithNamesOfTheirOwn) {
  const TopicModel model = learn(false);
  ASSERT_EQ(model.topics().size(), 4u);
  TopicModel::Scratch scratch;
  std::vector<std::uint32_t> topic_of(4);
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const auto assigned = model.assign(texts_[i], scratch);
    if (i < 4) topic_of[i] = assigned.topic;
    EXPECT_EQ(assigned.topic, topic_of[i % 4]);
    EXPECT_GT(assigned.confidence, 0.5f);
  }
  EXPECT_EQ(std::set<std::uint32_t>(topic_of.begin(), topic_of.end()).size(), 4u);
  for (std::size_t s = 0; s < 4; ++s) {
    const auto& terms = model.topics()[topic_of[s]].terms;
    ASSERT_FALSE(terms.empty());
    EXPECT_NE(std::ranges::find(kSubjects[s], terms[0]), kSubjects[s].end()) << terms[0];
  }
}

TEST_F(TopicModelTest, OrderAndThreadsMakeNoDifference) {
  const TopicModel a = learn(false, 1), b = learn(true, 3);
  ASSERT_EQ(a.topics().size(), b.topics().size());
  for (std::size_t t = 0; t < a.topics().size(); ++t) {
    EXPECT_EQ(a.topics()[t].name, b.topics()[t].name);
    EXPECT_EQ(a.topics()[t].representative, b.topics()[t].representative);
  }
}

TEST_F(TopicModelTest, SharesAddUpAndEveryTopicHasItsGroup) {
  const TopicModel model = learn(false);
  double topics = 0, groups = 0;
  for (const Topic& topic : model.topics()) {
    topics += topic.share;
    EXPECT_LT(topic.group, model.groups().size());
  }
  for (const TopicGroup& group : model.groups()) groups += group.share;
  EXPECT_NEAR(topics, 1, 1e-9);
  EXPECT_NEAR(groups, 1, 1e-9);
}

TEST_F(TopicModelTest, TextOfUnknownWordsHasNoTopic) {
  TopicModel::Scratch scratch;
  EXPECT_EQ(learn(false).assign("xylophone zzz", scratch).topic, TopicModel::kNone);
  EXPECT_EQ(TopicModel::learn({}, {}, Context{}).assign("kernel", scratch).topic,
            TopicModel::kNone);
}

}  // namespace
}  // namespace pith
