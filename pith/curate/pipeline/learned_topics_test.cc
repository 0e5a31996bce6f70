#include "pith/curate/pipeline/learned_topics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

class LearnedTopicsTest : public LaterStageTest {
 protected:
  // Documents about ships, and as many about gardens; a passage that they share stands in all.
  void put_pages() {
    // What is cut begins and ends with a segment, so that a little of the passage stays.
    std::string passage = prose(899, 4);
    for (std::uint64_t i = 0; i < 8; ++i) passage += prose(900 + i, 2, "zither");
    passage += prose(999, 4);
    std::vector<std::string> pages;
    for (std::uint64_t i = 0; i < 24; ++i) {
      std::string page;
      for (std::uint64_t k = 0; k < 10; ++k) {
        page += prose(i * 10 + k, 2, i % 2 == 0 ? "anchor rigging" : "compost seedling");
      }
      pages.push_back(i % 3 == 0 ? page + passage : page);
    }
    put_all(pages);
  }
  TopicModel learn(const std::vector<std::uint8_t>& wanted, const DuplicateColumns& columns) {
    auto model =
        learn_topics(*options_.config, wanted, columns, folder_, shards_, "topics", context_);
    EXPECT_TRUE(model) << model.error().message;
    return std::move(model).value();
  }
  static bool speaks_of(const TopicModel& model, std::string_view term) {
    return std::ranges::any_of(model.topics(), [&](const Topic& topic) {
      return std::ranges::find(topic.terms, term) != topic.terms.end();
    });
  }
};

TEST_F(LearnedTopicsTest, RepeatedTextMakesNoTopic) {
  options_.config->near_duplicates_enabled = false;
  put_pages();
  const DuplicateColumns columns = duplicates();
  ASSERT_FALSE(columns.repeated.cuts_of(3).empty());
  const std::vector<std::uint8_t> all(columns.fate.size(), 1);
  const TopicModel model = learn(all, columns);
  EXPECT_TRUE(speaks_of(model, "anchor"));
  EXPECT_TRUE(speaks_of(model, "compost"));
  EXPECT_FALSE(speaks_of(model, "zither"));
  DuplicateColumns uncut = columns;
  uncut.repeated = {};
  EXPECT_TRUE(speaks_of(learn(all, uncut), "zither"));
}

TEST_F(LearnedTopicsTest, OnlyWhatIsWantedIsLearned) {
  put_pages();
  const DuplicateColumns columns = duplicates();
  std::vector<std::uint8_t> ships(columns.fate.size());
  for (std::size_t i = 0; i < ships.size(); i += 2) ships[i] = 1;
  EXPECT_FALSE(speaks_of(learn(ships, columns), "compost"));
  const std::vector<std::uint8_t> none(columns.fate.size());
  EXPECT_TRUE(learn(none, columns).topics().empty());
}

TEST_F(LearnedTopicsTest, TheSampleIsOfLeastKeyWhateverTheThreads) {
  put_pages();
  const DuplicateColumns columns = duplicates();
  options_.config->topic_sample = 10;
  std::vector<std::uint64_t> keys = columns.keys;
  std::ranges::sort(keys);
  const std::vector<std::uint8_t> all(columns.fate.size(), 1);
  const TopicModel model = learn(all, columns);
  ASSERT_FALSE(model.topics().empty());
  for (const Topic& topic : model.topics()) EXPECT_LE(topic.representative, keys[9]);
  context_.threads = 1;
  const TopicModel again = learn(all, columns);
  ASSERT_EQ(again.topics().size(), model.topics().size());
  for (std::size_t t = 0; t < model.topics().size(); ++t) {
    EXPECT_EQ(again.topics()[t].name, model.topics()[t].name);
  }
}

}  // namespace
}  // namespace pith
