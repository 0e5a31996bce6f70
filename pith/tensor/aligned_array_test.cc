#include "pith/tensor/aligned_array.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace pith {
namespace {

TEST(AlignedArrayTest, ArraysOfAnySizeAreZeroAndBeginOnACacheLine) {
  for (const std::size_t size : {0, 1, 31, 1 << 20, (1 << 20) + 1}) {
    AlignedArray<std::uint16_t> array(size);
    EXPECT_EQ(array.size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.data()) % 64, 0u) << size;
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(array.data()[i], 0) << i << " of " << size;
  }
}

TEST(AlignedArrayTest, WhatItTakesIsWholePagesOnceItIsLarge) {
  EXPECT_EQ(AlignedArray<float>::bytes_for(1), 64u);
  EXPECT_EQ(AlignedArray<float>::bytes_for(17), 128u);
  EXPECT_EQ(AlignedArray<std::uint16_t>::bytes_for((1 << 20) + 1), std::size_t{4} << 20);
}

}  // namespace
}  // namespace pith
