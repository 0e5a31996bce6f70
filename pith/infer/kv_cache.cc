#include "pith/infer/kv_cache.h"

#include <algorithm>

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t head_floats(const CacheShape& shape) {
  return KvCache::kBlock * (shape.key_size + shape.padded_value_size());
}

}  // namespace

KvCache::KvCache(std::size_t layers, const CacheShape& shape)
    : layers_(layers), shape_(shape), head_floats_(head_floats(shape)) {}

std::size_t KvCache::block_bytes(std::size_t layers, const CacheShape& shape) {
  return layers * shape.heads * head_floats(shape) * sizeof(float);
}

void KvCache::reserve(std::size_t positions) {
  while (blocks_.size() * kBlock < positions) {
    blocks_.emplace_back(layers_ * shape_.heads * head_floats_);
  }
}

void KvCache::shrink_to(std::size_t positions) {
  blocks_.resize(std::min(blocks_.size(), (positions + kBlock - 1) / kBlock));
}

std::size_t KvCache::bytes() const { return blocks_.size() * block_bytes(layers_, shape_); }

void KvCache::store(std::size_t position, std::size_t layer, std::size_t head, const float* key,
                    const float* value) {
  const std::size_t block = position / kBlock, place = position % kBlock, size = shape_.key_size;
  float* panel = keys(block, layer, head) + place / kPanel * kPanel * size;
  for (std::size_t d = 0; d < size; ++d) panel[d * kPanel + place % kPanel] = key[d];
  std::copy(value, value + shape_.value_size,
            values(block, layer, head) + place * shape_.padded_value_size());
}

}  // namespace pith
