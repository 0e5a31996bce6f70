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
// replaces it in the words that hold it, and adjusts the counts of the neighbouring pairs only. The
// result does not depend on the order of the words.
class PairMerger {
 public:
  // Ids in words are first_id .. first_id + 255.
  explicit PairMerger(int first_id) : first_id_(first_id) {}

  void add_word(std::span<const int> ids, std::uint64_t count);

  // Merges up to `merges` pairs, each seen at least `min_count` times and once; pair i becomes
  // first_new + i. Called once. kInterrupted when context says stop.
  Result<std::vector<std::pair<int, int>>> merge(std::size_t merges, std::uint64_t min_count,
                                                 int first_new, const Context& context);

  // How many ids the words are now, each as often as it was counted.
  std::uint64_t tokens() const;

 private:
  struct Word {
    std::uint64_t begin;  // in symbols_
    std::uint32_t length;
    std::uint64_t count;
  };
  struct Pair {
    int left, right;
    std::int64_t count;
    std::vector<std::uint32_t> words;  // where it occurs, or occurred; no word twice
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
  std::uint32_t find_or_add(int left, int right);
  void change(int left, int right, std::int64_t amount, std::uint32_t word);
  void merge_in_word(std::uint32_t word, int left, int right, int merged);
  void push_candidate(std::uint32_t pair);
  void grow_index();

  const int first_id_;
  std::int64_t min_count_ = 1;
  std::uint64_t single_ids_ = 0;  // words of one id, which have no pair: only their count is kept
  std::vector<int> symbols_;
  std::vector<Word> words_;
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> index_;  // hash table of places in pairs_, plus one; 0 is free
  std::vector<Candidate> heap_;
};

}  // namespace pith
