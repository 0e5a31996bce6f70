#include "pith/text/bpe_merge.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "pith/base/check.h"

namespace pith {
namespace {

constexpr std::uint32_t kNoRank = MergeTable::kNoRank;
// Scanning is quadratic with a small constant; the heap overtakes it near this length.
constexpr std::size_t kLongestScan = 160;

}  // namespace

MergeTable::MergeTable(std::span<const std::pair<int, int>> pairs, std::vector<int> tokens)
    : tokens_(std::move(tokens)) {
  PITH_CHECK(pairs.size() == tokens_.size() && pairs.size() < kMaxMerges, "merge table");
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, pairs.size() * 2));
  slots_.assign(slots, kEmpty);
  mask_ = slots - 1;
  shift_ = 64 - std::countr_zero(slots);
  for (std::size_t rank = 0; rank < pairs.size(); ++rank) {
    const auto [left, right] = pairs[rank];
    PITH_CHECK(left >= 0 && left <= kMaxId && right >= 0 && right <= kMaxId, "merge ids");
    const std::uint64_t key = key_of(left, right);
    std::size_t i = slot_of(key);
    while (slots_[i] != kEmpty && (slots_[i] >> kRankBits) != key) i = (i + 1) & mask_;
    slots_[i] = (key << kRankBits) | rank;
  }
}

std::size_t merge_tokens_ref(const MergeTable& table, std::span<int> ids) {
  std::vector<int> word(ids.begin(), ids.end());
  while (true) {
    std::uint32_t best = kNoRank;
    std::size_t place = 0;
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
      const std::uint32_t rank = table.rank(word[i], word[i + 1]);
      if (rank < best) best = rank, place = i;
    }
    if (best == kNoRank) break;
    word[place] = table.token(best);
    word.erase(word.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
  std::ranges::copy(word, ids.begin());
  return word.size();
}

std::size_t merge_tokens_scan(const MergeTable& table, std::span<int> ids, MergeScratch& scratch) {
  std::size_t n = ids.size();
  if (n < 2) return n;
  if (scratch.ranks.size() < n) scratch.ranks.resize(std::max<std::size_t>(n, 256));
  std::uint32_t* const ranks = scratch.ranks.data();  // ranks[i]: of the pair i, i + 1
  int* const id = ids.data();
  for (std::size_t i = 0; i + 1 < n; ++i) ranks[i] = table.rank(id[i], id[i + 1]);
  while (n > 1) {
    std::uint32_t best = kNoRank;
    for (std::size_t i = 0; i + 1 < n; ++i) best = std::min(best, ranks[i]);
    if (best == kNoRank) break;
    std::size_t at = 0;
    while (ranks[at] != best) ++at;
    id[at] = table.token(best);
    std::copy(id + at + 2, id + n, id + at + 1);
    std::copy(ranks + at + 1, ranks + n - 1, ranks + at);
    --n;
    if (at > 0) ranks[at - 1] = table.rank(id[at - 1], id[at]);
    if (at + 1 < n) ranks[at] = table.rank(id[at], id[at + 1]);
  }
  return n;
}

std::size_t merge_tokens_heap(const MergeTable& table, std::span<int> ids, MergeScratch& scratch) {
  const std::size_t n = ids.size();
  if (n < 2) return n;
  PITH_CHECK(n < (1ull << 31), "a pre-token of more than 2 GiB");
  auto &ranks = scratch.ranks, &previous = scratch.previous, &next = scratch.next;
  auto& heap = scratch.heap;
  if (ranks.size() < n) ranks.resize(n);
  previous.resize(n);
  next.resize(n);
  heap.clear();
  const auto end = static_cast<std::uint32_t>(n);
  // Heap entries are rank and place in one word; one is stale when ranks[place] says otherwise.
  const auto entry = [](std::uint32_t rank, std::size_t place) {
    return (static_cast<std::uint64_t>(rank) << 32) | place;
  };
  for (std::size_t i = 0; i < n; ++i) {
    previous[i] = static_cast<std::uint32_t>(i) - 1;
    next[i] = static_cast<std::uint32_t>(i) + 1;
    ranks[i] = i + 1 < n ? table.rank(ids[i], ids[i + 1]) : kNoRank;
    if (ranks[i] != kNoRank) heap.push_back(entry(ranks[i], i));
  }
  std::ranges::make_heap(heap, std::greater<>{});
  const auto rank_again = [&](std::uint32_t place) {
    ranks[place] = next[place] < end ? table.rank(ids[place], ids[next[place]]) : kNoRank;
    if (ranks[place] == kNoRank) return;
    heap.push_back(entry(ranks[place], place));
    std::ranges::push_heap(heap, std::greater<>{});
  };
  while (!heap.empty()) {
    std::ranges::pop_heap(heap, std::greater<>{});
    const std::uint64_t top = heap.back();
    heap.pop_back();
    const auto place = static_cast<std::uint32_t>(top);
    const auto rank = static_cast<std::uint32_t>(top >> 32);
    if (ranks[place] != rank) continue;
    const std::uint32_t gone = next[place];
    ids[place] = table.token(rank);
    ranks[gone] = kNoRank;
    next[place] = next[gone];
    if (next[gone] < end) previous[next[gone]] = place;
    rank_again(place);
    if (place > 0) rank_again(previous[place]);
  }
  std::size_t kept = 0;
  for (std::uint32_t i = 0; i < end; i = next[i]) ids[kept++] = ids[i];
  return kept;
}

std::size_t merge_tokens(const MergeTable& table, std::span<int> ids, MergeScratch& scratch) {
  return ids.size() <= kLongestScan ? merge_tokens_scan(table, ids, scratch)
                                    : merge_tokens_heap(table, ids, scratch);
}

}  // namespace pith
