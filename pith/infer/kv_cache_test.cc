#include "pith/infer/kv_cache.h"

#include <gtest/gtest.h>

#include <vector>

namespace pith {
namespace {

TEST(KvCacheTest, GivesBackWhatWasStoredAtEveryPlace) {
  constexpr std::size_t kLayers = 2, kHeads = 3, kSize = 5, kValue = 7, kPositions = 130;
  const CacheShape shape{kHeads, kSize, kValue};
  KvCache cache(kLayers, shape);
  cache.reserve(kPositions);
  const auto value_of = [](std::size_t position, std::size_t layer, std::size_t head,
                           std::size_t i) {
    return static_cast<float>(((position * kLayers + layer) * kHeads + head) * 16 + i);
  };
  for (std::size_t p = 0; p < kPositions; ++p) {
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      for (std::size_t head = 0; head < kHeads; ++head) {
        std::vector<float> key(kSize), value(kValue);
        for (std::size_t i = 0; i < kSize; ++i) key[i] = value_of(p, layer, head, i);
        for (std::size_t i = 0; i < kValue; ++i) value[i] = -value_of(p, layer, head, i);
        cache.store(p, layer, head, key.data(), value.data());
      }
    }
  }
  for (std::size_t p = 0; p < kPositions; ++p) {
    const std::size_t place = p % KvCache::kBlock;
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      for (std::size_t head = 0; head < kHeads; ++head) {
        const float* panel =
            cache.keys(p / KvCache::kBlock, layer, head) + place / 16 * 16 * kSize + place % 16;
        const float* row =
            cache.values(p / KvCache::kBlock, layer, head) + place * shape.padded_value_size();
        for (std::size_t i = 0; i < kSize; ++i) {
          ASSERT_EQ(panel[i * 16], value_of(p, layer, head, i));
        }
        for (std::size_t i = 0; i < kValue; ++i) ASSERT_EQ(row[i], -value_of(p, layer, head, i));
        for (std::size_t i = kValue; i < shape.padded_value_size(); ++i) ASSERT_EQ(row[i], 0.0f);
      }
    }
  }
}

TEST(KvCacheTest, GrowsAndShrinksByBlocks) {
  KvCache cache(1, {1, 16, 16});
  EXPECT_EQ(cache.bytes(), 0u);
  cache.reserve(1);
  const std::size_t block = cache.bytes();
  EXPECT_EQ(block, 64 * 16 * 2 * sizeof(float));
  cache.reserve(65);
  EXPECT_EQ(cache.bytes(), 2 * block);
  cache.shrink_to(64);
  EXPECT_EQ(cache.bytes(), block);
  cache.shrink_to(0);
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace pith
