#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"

// The merging half of learning BPE: counts of adjacent pairs, kept up to date as pairs merge.
namespace pith {

// Words as ids, and the pairs in them. One thread at a time.
//
// merge() takes the pair with the highest count, of equals the smallest (left, then right),
// replaces it where it occurs, and adjusts the counts of the neighbouring pairs only. The result
// does not depend on the order of the words.
class PairMerger {
 public:
  // About what is held for each byte of the words.
  static constexpr std::uint64_t kMemoryPerByte = 14;

  // Ids in words are first_id .. first_id + 255. `expected` is the bytes of all words with one more
  // for each, to make room once.
  explicit PairMerger(int first_id, std::size_t expected = 0) : first_id_(first_id) {
    cells_.reserve(expected + 1);
  }

  void add_word(std::span<const int> ids, std::uint64_t count);

  // Merges up to `merges` pairs, each seen at least `min_count` times and once; pair i becomes
  // first_new + i. Called once. kInterrupted when context says stop.
  Result<std::vector<std::pair<int, int>>> merge(std::size_t merges, std::uint64_t min_count,
                                                 int first_new, const Context& context);

  // How many ids the words are now, each word as often as it was counted.
  std::uint64_t tokens() const { return tokens_; }

 private:
  struct Place {
    std::uint32_t at;    // the cell where the pair's left symbol begins
    std::uint32_t word;  // whose count it has
  };
  struct Pair {
    int left, right;
    std::int64_t count;
    std::vector<Place> places;  // where it occurs, or occurred; ascending
  };
  // The pairs that a neighbour forms with a symbol before and after it merges: places in pairs_ and
  // in new_pairs_, good for the merge whose new id is named.
  struct Neighbour {
    int id = -1;
    std::uint32_t before = 0, after = 0;
  };
  // An entry of the heap; out of date when the pair's count has fallen since.
  struct Candidate {
    std::int64_t count;
    int left, right;
    std::uint32_t pair;
    // The heap's top is the greatest.
    bool operator<(const Candidate& other) const {
      if (count != other.count) return count < other.count;
      return std::pair(left, right) > std::pair(other.left, other.right);
    }
  };

  void count_all();
  std::uint32_t find(int left, int right) const;
  void add(Pair pair);
  void merge_pair(std::uint32_t pair, int id);
  void push_candidate(std::uint32_t pair);
  void grow_index();

  const int first_id_;
  std::int64_t min_count_ = 1;
  std::uint64_t tokens_ = 0;
  // A cell a byte of the words, and one without a symbol between words. The first and the last cell
  // of a symbol hold its id, the cells inside hold none; lengths_ says how many cells there are.
  std::vector<int> cells_;
  std::vector<std::int64_t> counts_;     // by word
  std::vector<std::uint32_t> lengths_;   // by id
  std::vector<Neighbour> left_, right_;  // by id, of what stands left or right of a merge
  std::vector<Pair> pairs_;           // those seen min_count times; the first stands for all others
  std::vector<Pair> new_pairs_;       // of one merge
  std::vector<std::uint32_t> index_;  // hash table of places in pairs_; 0 is free
  std::vector<Candidate> heap_;
};

}  // namespace pith
