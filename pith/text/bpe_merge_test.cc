#include "pith/text/bpe_merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "pith/base/random.h"

namespace pith {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

// Merges over `letters` first ids, each joining two tokens that exist before it.
MergeTable random_table(Random& random, int letters, int merges) {
  Pairs pairs;
  std::vector<int> tokens;
  std::map<std::pair<int, int>, int> known;
  while (static_cast<int>(pairs.size()) < merges) {
    const auto id = static_cast<std::uint64_t>(letters) + pairs.size();
    const std::pair pair(static_cast<int>(random.below(id)), static_cast<int>(random.below(id)));
    if (!known.emplace(pair, 0).second) continue;
    pairs.push_back(pair);
    tokens.push_back(static_cast<int>(id));
  }
  return MergeTable(pairs, tokens);
}

std::vector<int> random_ids(Random& random, std::size_t length, int letters) {
  std::vector<int> ids(length);
  for (int& id : ids) id = static_cast<int>(random.below(static_cast<std::uint64_t>(letters)));
  return ids;
}

template <class Merge>
std::vector<int> merged(std::vector<int> ids, const Merge& merge) {
  ids.resize(merge(ids));
  return ids;
}

TEST(MergeTableTest, FindsEveryPairAndNoOther) {
  Pairs pairs;
  std::vector<int> tokens;
  for (int i = 0; i < 3'000; ++i) {
    pairs.emplace_back(i * 7 % 3001, MergeTable::kMaxId - i);
    tokens.push_back(i + 5);
  }
  const MergeTable table(pairs, tokens);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    ASSERT_EQ(table.rank(pairs[i].first, pairs[i].second), i);
    ASSERT_EQ(table.token(static_cast<std::uint32_t>(i)), tokens[i]);
    ASSERT_EQ(table.rank(pairs[i].second, pairs[i].first), MergeTable::kNoRank);
  }
  EXPECT_EQ(MergeTable().rank(0, 0), MergeTable::kNoRank);
}

TEST(MergeTableTest, APairGivenTwiceHasItsLastRank) {
  const MergeTable table(Pairs{{1, 2}, {3, 4}, {1, 2}}, {10, 11, 12});
  EXPECT_EQ(table.rank(1, 2), 2u);
}

TEST(BpeMergeTest, BothWaysFollowTheDefinition) {
  Random random(1);
  MergeScratch scratch;
  for (const int letters : {1, 2, 5, 40}) {
    const MergeTable table = random_table(random, letters, letters == 1 ? 30 : 200);
    for (const std::size_t length : {0, 1, 2, 3, 4, 5, 8, 17, 159, 160, 161, 400}) {
      for (int i = 0; i < 20; ++i) {
        const std::vector<int> ids = random_ids(random, length, letters);
        const auto expected =
            merged(ids, [&](std::span<int> word) { return merge_tokens_ref(table, word); });
        ASSERT_EQ(merged(ids, [&](auto& word) { return merge_tokens_scan(table, word, scratch); }),
                  expected)
            << letters << " letters, length " << length;
        ASSERT_EQ(merged(ids, [&](auto& word) { return merge_tokens_heap(table, word, scratch); }),
                  expected)
            << letters << " letters, length " << length;
        ASSERT_EQ(merged(ids, [&](auto& word) { return merge_tokens(table, word, scratch); }),
                  expected);
      }
    }
  }
}

TEST(BpeMergeTest, OfEqualPairsTheLeftmostMerges) {
  const MergeTable table(Pairs{{0, 0}}, {1});
  MergeScratch scratch;
  EXPECT_EQ(merged({0, 0, 0}, [&](auto& word) { return merge_tokens(table, word, scratch); }),
            (std::vector<int>{1, 0}));
}

TEST(BpeMergeTest, AMegabyteInOneWordIsNoProblem) {
  // Quadratic time would be hours.
  const MergeTable table(Pairs{{0, 0}, {1, 1}, {2, 2}}, {1, 2, 3});
  MergeScratch scratch;
  const auto ids = merged(std::vector<int>(1 << 20, 0),
                          [&](auto& word) { return merge_tokens(table, word, scratch); });
  EXPECT_EQ(ids, std::vector<int>(1 << 17, 3));
}

}  // namespace
}  // namespace pith
