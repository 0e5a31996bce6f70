#pragma once

#include <cstddef>
#include <vector>

#include "pith/tensor/cpu/packed_matrix.h"

// Keys and values of the tokens so far, for every layer. Grows by blocks of 64 positions, so that
// memory follows the conversation and not the longest context. One thread may grow it; any may read
// and write positions that differ.
namespace pith {

class KvCache {
 public:
  static constexpr std::size_t kBlock = 64;  // positions; four panels of sixteen

  KvCache(std::size_t layers, std::size_t kv_heads, std::size_t head_size);

  void reserve(std::size_t positions);    // room for positions 0 .. positions - 1
  void shrink_to(std::size_t positions);  // frees the blocks that lie wholly behind
  std::size_t bytes() const;

  // Keys of a block: (4 panels, D, 16), as score_panels takes them.
  float* keys(std::size_t block, std::size_t layer, std::size_t kv_head) {
    return blocks_[block].data() + (layer * kv_heads_ + kv_head) * head_floats_;
  }
  // Values of a block: (64, padded_head_size), as add_weighted_rows takes them; zeros behind D.
  float* values(std::size_t block, std::size_t layer, std::size_t kv_head) {
    return keys(block, layer, kv_head) + kBlock * head_size_;
  }
  std::size_t padded_head_size() const { return padded_head_size_; }

  // Stores key and value, both (D), of a position.
  void store(std::size_t position, std::size_t layer, std::size_t kv_head, const float* key,
             const float* value);

 private:
  const std::size_t layers_, kv_heads_, head_size_, padded_head_size_;
  const std::size_t head_floats_;  // of a block, per layer and head
  std::vector<AlignedFloats> blocks_;
};

}  // namespace pith
