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

class TopicStrataTest : public StageTest {};

TEST_F(TopicStrataTest, TopicsHaveTheBytesOfTheExamplesInThem) {
  options_.filters = false;
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
  for (std::uint64_t i = 0; i < 60; ++i) {
    put("in/" + std::to_string(100 + i) + ".txt", page(i, i % 3));
  }
  for (std::uint64_t i = 0; i < 8; ++i) {  // three quarters ships, a quarter gardens
    put("like/" + std::to_string(i) + ".txt", page(100 + i, i % 4 == 3 ? 1 : 0));
  }
  options_.like = {test_path("like")};
  const std::size_t shards = first_stage().shards;
  const auto duplicates = run_duplicate_stage(options_, folder_, shards, context_);
  ASSERT_TRUE(duplicates);
  const auto examples = read_examples(options_, context_);
  ASSERT_TRUE(examples);
  const auto found = run_target_stage(options_, *examples, folder_, shards, *duplicates, context_);
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
  const auto again = run_target_stage(options_, *examples, folder_, shards, *duplicates, context_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->strata, found->strata);
  EXPECT_EQ(again->shares, found->shares);
}

}  // namespace
}  // namespace pith
