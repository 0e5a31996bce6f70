#include "pith/text/bpe_pairs.h"

#include <algorithm>

#include "pith/base/check.h"
#include "pith/base/hash.h"

namespace pith {
namespace {

std::uint64_t hash_pair(int left, int right) {
  return mix64((static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
               static_cast<std::uint32_t>(right));
}

}  // namespace

void PairMerger::add_word(std::span<const int> ids, std::uint64_t count) {
  if (ids.size() < 2 || count == 0) {
    single_ids_ += ids.size() * count;
    return;
  }
  PITH_CHECK(words_.size() < 0xFFFFFFFFull, "more than 2^32 distinct words");
  words_.push_back({symbols_.size(), static_cast<std::uint32_t>(ids.size()), count});
  symbols_.insert(symbols_.end(), ids.begin(), ids.end());
}

std::uint64_t PairMerger::tokens() const {
  std::uint64_t tokens = single_ids_;
  for (const Word& word : words_) tokens += word.length * word.count;
  return tokens;
}

void PairMerger::grow_index() {
  std::vector<std::uint32_t> index(std::max<std::size_t>(1 << 16, index_.size() * 2), 0);
  const std::size_t mask = index.size() - 1;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    std::size_t slot = static_cast<std::size_t>(hash_pair(pairs_[i].left, pairs_[i].right)) & mask;
    while (index[slot] != 0) slot = (slot + 1) & mask;
    index[slot] = static_cast<std::uint32_t>(i + 1);
  }
  index_ = std::move(index);
}

std::uint32_t PairMerger::find_or_add(int left, int right) {
  if (index_.size() < (pairs_.size() + 1) * 2) grow_index();
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = static_cast<std::size_t>(hash_pair(left, right)) & mask;;
       i = (i + 1) & mask) {
    if (index_[i] == 0) {
      PITH_CHECK(pairs_.size() < 0xFFFFFFFEull, "more than 2^32 distinct pairs");
      pairs_.push_back({left, right, 0, {}});
      index_[i] = static_cast<std::uint32_t>(pairs_.size());
      return static_cast<std::uint32_t>(pairs_.size() - 1);
    }
    const Pair& pair = pairs_[index_[i] - 1];
    if (pair.left == left && pair.right == right) return index_[i] - 1;
  }
}

// Pairs of bytes first get their counts in a plain table: most of the work is here.
void PairMerger::count_all() {
  constexpr std::size_t kBytes = 256;
  std::vector<std::int64_t> counts(kBytes * kBytes, 0);
  const auto place = [&](const int* at) {
    return static_cast<std::size_t>(at[0] - first_id_) * kBytes +
           static_cast<std::size_t>(at[1] - first_id_);
  };
  for (const Word& word : words_) {
    const int* const at = symbols_.data() + word.begin;
    for (std::uint32_t i = 0; i + 1 < word.length; ++i) {
      counts[place(at + i)] += static_cast<std::int64_t>(word.count);
    }
  }
  std::vector<std::uint32_t> pair_at(kBytes * kBytes, 0);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    pair_at[i] = find_or_add(first_id_ + static_cast<int>(i / kBytes),
                             first_id_ + static_cast<int>(i % kBytes));
    pairs_[pair_at[i]].count = counts[i];
  }
  for (std::size_t w = 0; w < words_.size(); ++w) {
    const int* const at = symbols_.data() + words_[w].begin;
    for (std::uint32_t i = 0; i + 1 < words_[w].length; ++i) {
      Pair& pair = pairs_[pair_at[place(at + i)]];
      if (pair.count < min_count_) continue;
      if (pair.words.empty() || pair.words.back() != w) {
        pair.words.push_back(static_cast<std::uint32_t>(w));
      }
    }
  }
}

void PairMerger::change(int left, int right, std::int64_t amount, std::uint32_t word) {
  Pair& pair = pairs_[find_or_add(left, right)];
  pair.count += amount;
  if (amount > 0 && (pair.words.empty() || pair.words.back() != word)) pair.words.push_back(word);
}

void PairMerger::merge_in_word(std::uint32_t number, int left, int right, int merged) {
  Word& word = words_[number];
  int* const at = symbols_.data() + word.begin;
  const auto count = static_cast<std::int64_t>(word.count);
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < word.length; ++i) {
    if (at[i] != left || i + 1 >= word.length || at[i + 1] != right) {
      at[kept++] = at[i];
      continue;
    }
    if (kept > 0) {
      change(at[kept - 1], left, -count, number);
      change(at[kept - 1], merged, count, number);
    }
    if (i + 2 < word.length) {
      change(right, at[i + 2], -count, number);
      change(merged, at[i + 2], count, number);
    }
    at[kept++] = merged;
    ++i;
  }
  word.length = kept;
}

void PairMerger::push_candidate(std::uint32_t place) {
  Pair& pair = pairs_[place];
  if (pair.count < min_count_) {
    // Counts only fall once a pair exists: this one will never be merged.
    pair.words = {};
    return;
  }
  heap_.push_back({pair.count, pair.left, pair.right, place});
  std::push_heap(heap_.begin(), heap_.end());
}

Result<std::vector<std::pair<int, int>>> PairMerger::merge(std::size_t merges,
                                                           std::uint64_t min_count, int first_new,
                                                           const Context& context) {
  min_count_ = static_cast<std::int64_t>(std::max<std::uint64_t>(1, min_count));
  count_all();
  for (std::size_t i = 0; i < pairs_.size(); ++i) push_candidate(static_cast<std::uint32_t>(i));
  std::vector<std::pair<int, int>> merged;
  while (merged.size() < merges && !heap_.empty()) {
    if (merged.size() % 256 == 0) {
      if (context.stopped()) {
        return Error{ErrorKind::kInterrupted, "[tokenizer] stopped; nothing was written"};
      }
      context.progress({"tokenizer: merging", merged.size(), merges, "merges", ""});
    }
    std::pop_heap(heap_.begin(), heap_.end());
    const Candidate top = heap_.back();
    heap_.pop_back();
    if (top.count != pairs_[top.pair].count) {
      push_candidate(top.pair);
      continue;
    }
    const int id = first_new + static_cast<int>(merged.size());
    merged.emplace_back(top.left, top.right);
    const std::vector<std::uint32_t> places = std::move(pairs_[top.pair].words);
    const std::size_t known = pairs_.size();
    for (const std::uint32_t word : places) merge_in_word(word, top.left, top.right, id);
    // Each new pair holds the new id, so it appeared just now and has its whole count.
    for (std::size_t i = known; i < pairs_.size(); ++i) {
      push_candidate(static_cast<std::uint32_t>(i));
    }
  }
  return merged;
}

}  // namespace pith
