#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

// Boosted oblivious trees over columns of features, many rows at once. In an oblivious tree every
// node of one level asks the same question, so that a tree is a row of yes-or-no answers and a
// table. SIMD with run-time dispatch; each function has its slow twin. Integer sums: the same
// result on every machine. Any thread.
namespace pith {

inline constexpr std::size_t kTreeDepth = 6;

struct ObliviousTree {
  std::array<std::uint8_t, kTreeDepth> question;  // which column of ranks
  std::array<std::uint8_t, kTreeDepth> border;    // yes when the rank is greater
  std::array<std::int16_t, 1u << kTreeDepth> leaf;
};

// Rows are handled in groups of this many; columns of ranks are padded to a multiple of it.
inline constexpr std::size_t kTreeRows = 64;

// ranks[r] = how many of the ascending `borders` (at most 255) lie below values[r].
void rank_values(std::span<const float> values, std::span<const float> borders,
                 std::uint8_t* ranks);
void rank_values_ref(std::span<const float> values, std::span<const float> borders,
                     std::uint8_t* ranks);

// sums[r] = sum over trees of the leaf that row r falls into. Column q of `ranks` is the `stride`
// bytes from q * stride; stride is a multiple of kTreeRows and at least sums.size().
void sum_trees(std::span<const ObliviousTree> trees, const std::uint8_t* ranks, std::size_t stride,
               std::span<std::int32_t> sums);
void sum_trees_ref(std::span<const ObliviousTree> trees, const std::uint8_t* ranks,
                   std::size_t stride, std::span<std::int32_t> sums);

}  // namespace pith
