#include "pith/text/bpe_pairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "pith/base/random.h"

namespace pith {
namespace {

constexpr int kFirstId = 7;
constexpr int kFirstNew = kFirstId + 256;

struct Word {
  std::vector<int> ids;
  std::uint64_t count;
};
using Pairs = std::vector<std::pair<int, int>>;

void merge_in(std::vector<int>& ids, std::pair<int, int> pair, int id) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second) {
      ids[kept++] = id;
      ++i;
    } else {
      ids[kept++] = ids[i];
    }
  }
  ids.resize(kept);
}

// The definition: counts every pair anew before each merge.
Pairs learn_ref(std::vector<Word>& words, std::size_t merges, std::uint64_t min_count) {
  Pairs learned;
  while (learned.size() < merges) {
    std::map<std::pair<int, int>, std::uint64_t> counts;
    for (const Word& word : words) {
      for (std::size_t i = 0; i + 1 < word.ids.size(); ++i) {
        counts[{word.ids[i], word.ids[i + 1]}] += word.count;
      }
    }
    std::pair<int, int> best;
    std::uint64_t most = 0;
    for (const auto& [pair, count] : counts) {
      if (count > most) most = count, best = pair;
    }
    if (most < std::max<std::uint64_t>(1, min_count)) break;
    const int id = kFirstNew + static_cast<int>(learned.size());
    learned.push_back(best);
    for (Word& word : words) merge_in(word.ids, best, id);
  }
  return learned;
}

std::vector<Word> random_words(Random& random, std::size_t count, int letters,
                               std::size_t longest) {
  std::vector<Word> words(count);
  for (Word& word : words) {
    word.ids.resize(1 + random.below(longest));
    for (int& id : word.ids) {
      id = kFirstId + static_cast<int>(random.below(static_cast<std::uint64_t>(letters)));
    }
    word.count = 1 + random.below(5);
  }
  return words;
}

Pairs learn(const std::vector<Word>& words, std::size_t merges, std::uint64_t min_count,
            std::uint64_t* tokens = nullptr) {
  PairMerger merger(kFirstId);
  for (const Word& word : words) merger.add_word(word.ids, word.count);
  auto learned = merger.merge(merges, min_count, kFirstNew, Context{});
  EXPECT_TRUE(learned);
  if (tokens != nullptr) *tokens = merger.tokens();
  return *learned;
}

TEST(BpePairsTest, FollowsTheDefinition) {
  Random random(1);
  for (int i = 0; i < 60; ++i) {
    // Few letters and long words give runs of one letter, where pairs overlap.
    const int letters = i % 3 == 0 ? 2 : i % 3 == 1 ? 6 : 256;
    std::vector<Word> words = random_words(random, 1 + random.below(60), letters, i % 2 ? 4 : 40);
    const std::size_t merges = random.below(80);
    const std::uint64_t min_count = random.below(4);
    std::uint64_t tokens = 0;
    const Pairs fast = learn(words, merges, min_count, &tokens);
    ASSERT_EQ(fast, learn_ref(words, merges, min_count)) << "round " << i;
    std::uint64_t expected = 0;
    for (const Word& word : words) expected += word.ids.size() * word.count;
    ASSERT_EQ(tokens, expected);
  }
}

TEST(BpePairsTest, TheOrderOfTheWordsDoesNotMatter) {
  Random random(2);
  std::vector<Word> words = random_words(random, 300, 20, 12);
  const Pairs forward = learn(words, 200, 2);
  std::ranges::reverse(words);
  EXPECT_EQ(learn(words, 200, 2), forward);
}

TEST(BpePairsTest, StopsWhenAsked) {
  const std::atomic<bool> stop{true};
  Context context;
  context.stop = &stop;
  PairMerger merger(kFirstId);
  merger.add_word(std::vector{kFirstId, kFirstId + 1}, 2);
  const auto learned = merger.merge(1, 1, kFirstNew, context);
  ASSERT_FALSE(learned);
  EXPECT_EQ(learned.error().kind, ErrorKind::kInterrupted);
}

}  // namespace
}  // namespace pith
