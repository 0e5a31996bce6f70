#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// MinHash (Broder 1997) with bands (Indyk, Motwani 1998): two documents of Jaccard similarity s
// share a value of their signatures with probability s, and the key of some band with probability
// 1 - (1 - s^kBandRows)^kBands: 0.998 at 0.8, 0.93 at 0.7, 0.28 at 0.5. What shares a key is only a
// candidate; near_duplicates.h compares the candidates themselves.
namespace pith {

inline constexpr std::size_t kMinHashes = 128;
inline constexpr std::size_t kBands = 21;
inline constexpr std::size_t kBandRows = 6;  // kBands * kBandRows <= kMinHashes

using Signature = std::array<std::uint32_t, kMinHashes>;
using BandKeys = std::array<std::uint64_t, kBands>;

// Value i is the least of (shingle ^ a_i) * b_i mod 2^32 over `shingles` (b_i odd, so every i is a
// permutation of the 32-bit numbers), and 2^32 - 1 when there are none. SIMD, chosen at run time;
// equal to min_hash_ref on every machine. Pure; any thread.
Signature min_hash(std::span<const std::uint32_t> shingles);
Signature min_hash_ref(std::span<const std::uint32_t> shingles);

BandKeys band_keys(const Signature& signature);

// What candidates are compared by: the kSketchSize smallest hashes of the distinct shingles
// (bottom-k sketch). `shingles` is ascending without repeats, so this cuts it.
inline constexpr std::size_t kSketchSize = 1024;
inline std::span<const std::uint32_t> sketch_of(std::span<const std::uint32_t> shingles) {
  return shingles.first(shingles.size() < kSketchSize ? shingles.size() : kSketchSize);
}

// Jaccard similarity of two documents from their sketches: exact when both have fewer than
// kSketchSize distinct shingles, else estimated from the kSketchSize smallest of the union, with a
// standard deviation of sqrt(s (1 - s) / kSketchSize): 0.0125 at s = 0.8.
double sketch_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace pith
