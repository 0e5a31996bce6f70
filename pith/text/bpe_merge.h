#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

// The merges of a BPE vocabulary and their application to one pre-token.
namespace pith {

// Looks up which pair of token ids merges, at which rank, into which token. 8 bytes a slot, at most
// half of the slots used. Immutable after construction; any thread.
class MergeTable {
 public:
  static constexpr std::uint32_t kNoRank = 0xFFFFFFFF;
  static constexpr int kMaxId = (1 << 21) - 1;        // ids are 0 .. kMaxId
  static constexpr std::size_t kMaxMerges = 1 << 22;  // ranks are below it

  MergeTable() : MergeTable({}, {}) {}
  // Pair i has rank i and makes tokens[i]. A pair given twice has its last rank.
  MergeTable(std::span<const std::pair<int, int>> pairs, std::vector<int> tokens);

  // The rank of the pair, or kNoRank.
  std::uint32_t rank(int left, int right) const {
    const std::uint64_t key = key_of(left, right);
    for (std::size_t i = slot_of(key);; i = (i + 1) & mask_) {
      const std::uint64_t slot = slots_[i];
      if ((slot >> kRankBits) == key) return static_cast<std::uint32_t>(slot & kRankMask);
      if (slot == kEmpty) return kNoRank;
    }
  }
  int token(std::uint32_t rank) const { return tokens_[rank]; }

 private:
  static constexpr int kRankBits = 22;
  static constexpr std::uint64_t kRankMask = (1ull << kRankBits) - 1;
  static constexpr std::uint64_t kEmpty = ~0ull;
  static std::uint64_t key_of(int left, int right) {
    return (static_cast<std::uint64_t>(left) << 21) | static_cast<std::uint64_t>(right);
  }
  std::size_t slot_of(std::uint64_t key) const {
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ull) >> shift_) & mask_;
  }

  std::vector<std::uint64_t> slots_;  // pair in the high 42 bits, rank below
  std::size_t mask_ = 0;
  int shift_ = 0;
  std::vector<int> tokens_;
};

// Buffers for merge_tokens; one thread at a time, used again from call to call.
struct MergeScratch {
  std::vector<std::uint32_t> ranks, previous, next;
  std::vector<std::uint64_t> heap;
};

// Applies merges to `ids`, in place: always the pair of lowest rank, the leftmost of equals, until
// no pair merges. Returns how many ids remain, at the front. Time O(n log n); short pre-tokens are
// scanned. At most 2^31 ids.
std::size_t merge_tokens(const MergeTable& table, std::span<int> ids, MergeScratch& scratch);

// The two ways behind it, and the definition, for tests.
std::size_t merge_tokens_scan(const MergeTable& table, std::span<int> ids, MergeScratch& scratch);
std::size_t merge_tokens_heap(const MergeTable& table, std::span<int> ids, MergeScratch& scratch);
std::size_t merge_tokens_ref(const MergeTable& table, std::span<int> ids);

}  // namespace pith
