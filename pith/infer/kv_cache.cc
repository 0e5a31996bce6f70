#include "pith/infer/kv_cache.h"

#include <algorithm>

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t whole_panels(std::size_t n) { return (n + kPanel - 1) / kPanel * kPanel; }

}  // namespace

KvCache::KvCache(std::size_t layers, std::size_t kv_heads, std::size_t head_size)
    : layers_(layers),
      kv_heads_(kv_heads),
      head_size_(head_size),
      padded_head_size_(whole_panels(head_size)),
      head_floats_(kBlock * (head_size + padded_head_size_)) {}

void KvCache::reserve(std::size_t positions) {
  while (blocks_.size() * kBlock < positions) {
    blocks_.emplace_back(layers_ * kv_heads_ * head_floats_);
  }
}

void KvCache::shrink_to(std::size_t positions) {
  blocks_.resize(std::min(blocks_.size(), (positions + kBlock - 1) / kBlock));
}

std::size_t KvCache::bytes() const {
  return blocks_.size() * layers_ * kv_heads_ * head_floats_ * sizeof(float);
}

void KvCache::store(std::size_t position, std::size_t layer, std::size_t kv_head, const float* key,
                    const float* value) {
  const std::size_t block = position / kBlock, place = position % kBlock;
  float* panel = keys(block, layer, kv_head) + place / kPanel * kPanel * head_size_;
  for (std::size_t d = 0; d < head_size_; ++d) panel[d * kPanel + place % kPanel] = key[d];
  std::copy(value, value + head_size_, values(block, layer, kv_head) + place * padded_head_size_);
}

}  // namespace pith
