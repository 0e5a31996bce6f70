#include "pith/curate/pipeline/selection_strata.h"

#include <gtest/gtest.h>

#include <numeric>

#include "pith/curate/pipeline/corpus_test.h"
#include "pith/curate/pipeline/target_stage.h"

namespace pith {
namespace {

TEST(SelectionStrataTest, LanguagesHaveTheBytesOfTheExamplesInThem) {
  Examples examples;
  examples.languages = {{"en", 300}, {"zh", 100}, {"und", 0}};
  std::vector<std::uint32_t> strata;
  std::vector<double> shares;
  language_strata(examples,
                  {language_code("zh-Hans"), language_code("en"), language_code("fr"),
                   language_code("zh-Hant"), language_code("und")},
                  strata, shares);
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_EQ(strata[0], strata[3]);
  EXPECT_EQ(strata[2], strata[4]);
  EXPECT_DOUBLE_EQ(shares[strata[1]], 0.75);
  EXPECT_DOUBLE_EQ(shares[strata[0]], 0.25);
  EXPECT_GT(shares[strata[2]], 0);
  EXPECT_LT(shares[strata[2]], 0.05);
}

class TopicStrataTest : public LaterStageTest {};

TEST_F(TopicStrataTest, TopicsHaveTheBytesOfTheExamplesInThem) {
  options_.config->selection.balance = "topics";
  const std::vector<std::string> kinds = {
      "sailing ship captain anchor mast rigging sailor deck keel hull",
      "garden tomato compost seedling mulch pruning orchard soil beetroot fennel",
      "piano violin concerto melody sonata orchestra chord tempo fugue cello"};
  const auto page = [&](std::uint64_t seed, std::size_t kind) {
    std::string text;
    for (std::uint64_t i = 0; i < 10; ++i) text += prose(seed * 10 + i, 1, kinds[kind]);
    return text;
  };
  std::vector<std::string> pages;
  for (std::uint64_t i = 0; i < 60; ++i) pages.push_back(page(i, i % 3));
  for (std::uint64_t i = 0; i < 8; ++i) {  // three quarters ships, a quarter gardens
    put("like/" + std::to_string(i) + ".txt", page(100 + i, i % 4 == 3 ? 1 : 0));
  }
  options_.like = {test_path("like")};
  put_all(pages);
  const DuplicateColumns columns = duplicates();
  const auto examples = read_examples(options_, context_);
  ASSERT_TRUE(examples);
  const auto found = run_target_stage(options_, *examples, folder_, shards_, columns, context_);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->strata.size(), 60u);
  std::vector<double> share_of_kind(3, 0.0);
  std::vector<bool> counted(found->shares.size());
  for (std::size_t i = 0; i < 60; ++i) {
    const std::uint32_t stratum = found->strata[i];
    if (!counted[stratum]) share_of_kind[i % 3] += found->shares[stratum];
    counted[stratum] = true;
  }
  // 6 and 2 examples, and ten spread over what is probable, which only some music is.
  EXPECT_GT(share_of_kind[0], 0.5);
  EXPECT_GT(share_of_kind[1], 0.15);
  EXPECT_LT(share_of_kind[1], 0.5);
  EXPECT_LT(share_of_kind[2], 0.2);
  const auto again = run_target_stage(options_, *examples, folder_, shards_, columns, context_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->strata, found->strata);
  EXPECT_EQ(again->shares, found->shares);
}

TEST_F(TopicStrataTest, ADocumentIsOfTheTopicOfWhatIsLeftOfIt) {
  options_.config->near_duplicates_enabled = false;
  const auto about = [](std::uint64_t seed, const char* subject, int parts) {
    std::string text;
    for (int i = 0; i < parts; ++i)
      text += prose(seed * 100 + static_cast<unsigned>(i), 2, subject);
    return text;
  };
  constexpr const char* kShips = "anchor rigging mast";
  constexpr const char* kGardens = "compost seedling mulch";
  const std::string passage = about(900, kShips, 12);
  const std::vector<const char*> kinds = {kShips, kGardens, "sonata cello fugue"};
  std::vector<std::string> pages = {passage};
  for (std::uint64_t i = 1; i < 40; ++i) pages.push_back(about(i, kinds[i % 3], 6));
  pages.push_back(about(800, kGardens, 3) + passage);  // most of it stands in the first
  put_all(pages);
  const DuplicateColumns columns = duplicates();
  ASSERT_FALSE(columns.repeated.cuts_of(40).empty());
  options_.config->topics.topics = 3;
  std::vector<std::uint32_t> strata;
  std::vector<double> shares;
  const std::vector<std::uint8_t> asked(columns.fate.size(), 1);
  const std::vector<float> scores(columns.fate.size());
  ASSERT_TRUE(topic_strata(*options_.config, Examples(), asked, scores, columns, folder_, shards_,
                           context_, strata, shares));
  ASSERT_NE(strata[1], strata[3]);  // gardens and ships
  EXPECT_EQ(strata[40], strata[1]);
}

}  // namespace
}  // namespace pith
