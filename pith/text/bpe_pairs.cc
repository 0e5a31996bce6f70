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

// What a cell holds between words, and inside a symbol.
constexpr int kNoSymbol = -1;
// Places lie far apart: their cells are asked for so many places before they are needed.
constexpr std::size_t kAhead = 12;
// The place in pairs_ that stands for all pairs too rare to be kept.
constexpr std::uint32_t kNoPair = 0;

}  // namespace

void PairMerger::add_word(std::span<const int> ids, std::uint64_t count) {
  tokens_ += ids.size() * count;
  if (ids.size() < 2 || count == 0) return;  // nothing to merge
  if (cells_.empty()) cells_.push_back(kNoSymbol);
  cells_.insert(cells_.end(), ids.begin(), ids.end());
  cells_.push_back(kNoSymbol);
  counts_.push_back(static_cast<std::int64_t>(count));
  PITH_CHECK(cells_.size() < 0xFFFFFFFFull, "more than 4 GiB of distinct words");
}

void PairMerger::grow_index() {
  std::vector<std::uint32_t> index(std::max<std::size_t>(1 << 12, index_.size() * 2), kNoPair);
  const std::size_t mask = index.size() - 1;
  for (std::uint32_t i = 1; i < pairs_.size(); ++i) {
    std::size_t slot = static_cast<std::size_t>(hash_pair(pairs_[i].left, pairs_[i].right)) & mask;
    while (index[slot] != kNoPair) slot = (slot + 1) & mask;
    index[slot] = i;
  }
  index_ = std::move(index);
}

std::uint32_t PairMerger::find(int left, int right) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = static_cast<std::size_t>(hash_pair(left, right)) & mask;;
       i = (i + 1) & mask) {
    const Pair& pair = pairs_[index_[i]];
    if (index_[i] == kNoPair || (pair.left == left && pair.right == right)) return index_[i];
  }
}

void PairMerger::add(Pair pair) {
  PITH_CHECK(pairs_.size() < 0xFFFFFFFFull, "more than 2^32 distinct pairs");
  if (index_.size() < (pairs_.size() + 1) * 2) grow_index();
  const auto number = static_cast<std::uint32_t>(pairs_.size());
  const std::size_t mask = index_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(hash_pair(pair.left, pair.right)) & mask;
  while (index_[slot] != kNoPair) slot = (slot + 1) & mask;
  index_[slot] = number;
  pairs_.push_back(std::move(pair));
  push_candidate(number);
}

// Pairs of bytes first get their counts in a plain table: much of the work is here.
void PairMerger::count_all() {
  constexpr std::size_t kBytes = 256;
  struct Seen {
    std::int64_t count = 0;
    std::size_t occurrences = 0;
    std::vector<Place> places;
  };
  std::vector<Seen> seen(kBytes * kBytes);
  // Calls on_pair(of_table, place) for each pair of neighbouring cells.
  const auto for_each_pair = [&](const auto& on_pair) {
    std::uint32_t word = 0;
    for (std::size_t at = 1; at + 1 < cells_.size(); ++at) {
      const int left = cells_[at], right = cells_[at + 1];
      if (left == kNoSymbol) {
        ++word;
      } else if (right != kNoSymbol) {
        on_pair(seen[static_cast<std::size_t>(left - first_id_) * kBytes +
                     static_cast<std::size_t>(right - first_id_)],
                Place{static_cast<std::uint32_t>(at), word});
      }
    }
  };
  for_each_pair([&](Seen& pair, Place place) {
    pair.count += counts_[place.word];
    ++pair.occurrences;
  });
  for_each_pair([&](Seen& pair, Place place) {
    if (pair.count < min_count_) return;
    if (pair.places.empty()) pair.places.reserve(pair.occurrences);
    pair.places.push_back(place);
  });
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].count < min_count_) continue;
    add({first_id_ + static_cast<int>(i / kBytes), first_id_ + static_cast<int>(i % kBytes),
         seen[i].count, std::move(seen[i].places)});
  }
}

void PairMerger::merge_pair(std::uint32_t number, int id) {
  const int left = pairs_[number].left, right = pairs_[number].right;
  const std::vector<Place> places = std::move(pairs_[number].places);
  const std::uint32_t left_length = lengths_[static_cast<std::size_t>(left)];
  const std::uint32_t length = left_length + lengths_[static_cast<std::size_t>(right)];
  lengths_.push_back(length);
  left_.emplace_back();
  right_.emplace_back();
  new_pairs_.clear();
  const auto new_pair = [&](int first, int second) {
    new_pairs_.push_back({first, second, 0, {}});
    return static_cast<std::uint32_t>(new_pairs_.size() - 1);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i + kAhead < places.size()) __builtin_prefetch(&cells_[places[i + kAhead].at]);
    const auto [at, word] = places[i];
    const std::uint32_t middle = at + left_length, end = at + length;
    // An older symbol here was merged with another neighbour.
    if (cells_[at] != left || cells_[middle] != right) continue;
    const int before = cells_[at - 1], after = cells_[end];
    cells_[middle - 1] = cells_[middle] = kNoSymbol;
    cells_[at] = cells_[end - 1] = id;
    const std::int64_t count = counts_[word];
    tokens_ -= static_cast<std::uint64_t>(count);
    if (before != kNoSymbol) {
      Neighbour& neighbour = left_[static_cast<std::size_t>(before)];
      if (neighbour.id != id) neighbour = {id, find(before, left), new_pair(before, id)};
      // What stands left may be the symbol merged just before, and the pair with it a new one.
      Pair& old = before == id ? new_pairs_[right_[static_cast<std::size_t>(left)].after]
                               : pairs_[neighbour.before];
      old.count -= count;
      Pair& pair = new_pairs_[neighbour.after];
      pair.count += count;
      pair.places.push_back({at - lengths_[static_cast<std::size_t>(before)], word});
    }
    if (after != kNoSymbol) {
      Neighbour& neighbour = right_[static_cast<std::size_t>(after)];
      if (neighbour.id != id) neighbour = {id, find(right, after), new_pair(id, after)};
      pairs_[neighbour.before].count -= count;
      Pair& pair = new_pairs_[neighbour.after];
      pair.count += count;
      pair.places.push_back({at, word});
    }
  }
  // Counts only fall from here on: what is rare now will never be merged, nor looked at.
  for (Pair& pair : new_pairs_) {
    if (pair.count >= min_count_) add(std::move(pair));
  }
}

void PairMerger::push_candidate(std::uint32_t place) {
  Pair& pair = pairs_[place];
  if (pair.count < min_count_) {
    pair.places = {};
    return;
  }
  heap_.push_back({pair.count, pair.left, pair.right, place});
  std::push_heap(heap_.begin(), heap_.end());
}

Result<std::vector<std::pair<int, int>>> PairMerger::merge(std::size_t merges,
                                                           std::uint64_t min_count, int first_new,
                                                           const Context& context) {
  min_count_ = static_cast<std::int64_t>(std::max<std::uint64_t>(1, min_count));
  // Bytes, and room for ids below first_new that are in no word.
  const auto known_ids = static_cast<std::size_t>(first_new);
  lengths_.assign(known_ids, 1);
  left_.resize(known_ids);
  right_.resize(known_ids);
  pairs_.assign(1, {kNoSymbol, kNoSymbol, 0, {}});
  grow_index();
  count_all();
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
    merge_pair(top.pair, id);
  }
  return merged;
}

}  // namespace pith
