#pragma once

#include <cstddef>
#include <vector>

#include "pith/tensor/cpu/packed_matrix.h"

// Keys and values of the tokens so far, for every layer. Grows by blocks of 64 positions, so that
// memory follows the conversation and not the longest context. One thread may grow it; any may read
// and write positions that differ.
namespace pith {

// What is kept of a token in one layer: for each of `heads` a key and a value.
struct CacheShape {
  std::size_t heads = 0, key_size = 0, value_size = 0;
  std::size_t padded_value_size() const {  // whole panels
    constexpr std::size_t kPanel = PackedMatrix::kPanel;
    return (value_size + kPanel - 1) / kPanel * kPanel;
  }
  friend bool operator==(const CacheShape&, const CacheShape&) = default;
};

class KvCache {
 public:
  static constexpr std::size_t kBlock = 64;  // positions; four panels of sixteen

  KvCache(std::size_t layers, const CacheShape& shape);

  void reserve(std::size_t positions);    // room for positions 0 .. positions - 1
  void shrink_to(std::size_t positions);  // frees the blocks that lie wholly behind
  std::size_t bytes() const;
  static std::size_t block_bytes(std::size_t layers, const CacheShape& shape);

  // Keys of a block: (4 panels, key_size, 16), as score_panels takes them.
  float* keys(std::size_t block, std::size_t layer, std::size_t head) {
    return blocks_[block].data() + (layer * shape_.heads + head) * head_floats_;
  }
  // Values of a block: (64, padded_value_size), as add_weighted_rows takes them; zeros behind.
  float* values(std::size_t block, std::size_t layer, std::size_t head) {
    return keys(block, layer, head) + kBlock * shape_.key_size;
  }
  const CacheShape& shape() const { return shape_; }

  // Stores key (key_size) and value (value_size) of a position.
  void store(std::size_t position, std::size_t layer, std::size_t head, const float* key,
             const float* value);

 private:
  const std::size_t layers_;
  const CacheShape shape_;
  const std::size_t head_floats_;  // of a block, per layer and head
  std::vector<AlignedFloats> blocks_;
};

}  // namespace pith
