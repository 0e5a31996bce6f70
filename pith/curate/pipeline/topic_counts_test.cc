#include "pith/curate/pipeline/topic_counts.h"

#include <gtest/gtest.h>

#include "pith/base/hash.h"

namespace pith {
namespace {

TEST(TopicCountsTest, EveryDocumentIsCountedOnceInItsTopicAndGroup) {
  const std::vector<std::string> subjects = {"kernel module driver interrupt scheduler",
                                             "flour bread oven yeast dough"};
  std::vector<std::string> texts;
  TopicSample sample(100);
  TermCounts terms;
  for (int i = 0; i < 40; ++i) {
    std::string text;
    for (int s = 0; s < 3; ++s) text += subjects[i % 2] + " number" + std::to_string(i % 7) + ". ";
    text += std::string(static_cast<std::size_t>(i), '.');
    sample.add(sample_document(hash64(text), text, terms));
    texts.push_back(text);
  }
  const TopicModel model = TopicModel::learn(sample.take(), {.topics = 2}, Context{});
  TopicCounts counts(model), others(model);
  TopicModel::Scratch scratch;
  std::uint64_t bytes = 0;
  for (const std::string& text : texts) {
    Document document;
    document.text = text;
    document.id = "x";
    (bytes % 2 == 0 ? counts : others).add(hash64(text), document, scratch);
    EXPECT_FALSE(document.topic.empty());
    EXPECT_GT(document.topic_score, 0);
    bytes += text.size();
  }
  std::int64_t documents = 0;
  counts.add(others);
  const Json json = counts.to_json();
  for (const Json& group : json.items()) {
    std::int64_t within = 0;
    for (const Json& topic : group["topics"].items()) {
      within += topic["documents"].as_int();
      EXPECT_EQ(topic["example"]["id"].as_string(), "x");
      EXPECT_FALSE(topic["example"]["sentence"].as_string().empty());
    }
    EXPECT_EQ(within, group["documents"].as_int());
    documents += within;
    bytes -= static_cast<std::uint64_t>(group["bytes"].as_int());
  }
  EXPECT_EQ(documents, 40);
  EXPECT_EQ(bytes, 0u);
}

TEST(TopicCountsTest, WithoutTopicsNothingIsSaid) {
  const TopicModel none;
  TopicCounts counts(none);
  TopicModel::Scratch scratch;
  Document document;
  document.text = "kernel";
  counts.add(1, document, scratch);
  EXPECT_TRUE(document.topic.empty());
  EXPECT_TRUE(counts.to_json().items().empty());
}

}  // namespace
}  // namespace pith
