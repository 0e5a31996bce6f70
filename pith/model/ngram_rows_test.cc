#include "pith/model/ngram_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace pith {
namespace {

// A model's tables are laid out by these: they stay what they are, on every machine.
TEST(NgramRowsTest, IsFixed) {
  EXPECT_EQ(ngram_row(std::array{5, 7}, 1u << 16), ngram_row(std::array{5, 7}, 1u << 17) & 0xFFFF);
  EXPECT_EQ(ngram_row(std::array{5, 7}, 1u << 16), 17077u);
  EXPECT_EQ(ngram_row(std::array{1, 5, 7}, 1u << 16), 7858u);
  EXPECT_EQ(ngram_row(std::array{-1, -1, 0}, 1u << 16), 36372u);
}

TEST(NgramRowsTest, OrderAndLengthMatter) {
  EXPECT_NE(ngram_row(std::array{5, 7}, 1u << 16), ngram_row(std::array{7, 5}, 1u << 16));
  EXPECT_NE(ngram_row(std::array{-1, 5, 7}, 1u << 16), ngram_row(std::array{5, 7}, 1u << 16));
}

// 65,536 pairs fall into about 1 - 1/e of as many rows when they fall at random.
TEST(NgramRowsTest, SpreadsEvenly) {
  std::set<std::uint32_t> rows;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) rows.insert(ngram_row(std::array{a, b}, 1u << 16));
  }
  EXPECT_NEAR(static_cast<double>(rows.size()), 65536 * 0.632, 65536 * 0.02);
}

}  // namespace
}  // namespace pith
