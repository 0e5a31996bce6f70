#include "pith/curate/spam/word_pairs.h"

#include <algorithm>
#include <cmath>

#include "pith/base/hash.h"

namespace pith {
namespace {

#include "pith/curate/spam/word_pairs.inc"

constexpr std::size_t kSlots = sizeof(kPairs) - 1;

// The level of an entry, 1 to 7, or 0. A word by itself is the pair (word, 0).
int level_of(std::uint32_t left, std::uint32_t right) {
  const std::uint64_t mixed = mix64((std::uint64_t{left} << 32 | right) ^ 0x5BD1E995U);
  int value = static_cast<unsigned char>(kPairs[mixed % kSlots]) - 35;
  value -= (value >= 57 ? 2 : value >= 28 ? 1 : 0);  // the table leaves out ? and the backslash
  return static_cast<std::uint64_t>(value) >> 3 == mixed >> 61 ? value & 7 : 0;
}

double log_share(std::uint32_t word) {
  const int level = level_of(word, 0);
  return level == 0 ? -11.5 : level - 11;
}

}  // namespace

bool known_word_pair(std::uint32_t left, std::uint32_t right) { return level_of(left, right) > 0; }

double word_pair_affinity(std::uint32_t left, std::uint32_t right) {
  const int level = level_of(left, right);
  if (level > 0) return level - 2;
  const double log_tokens = kLogTokens[left >= 0x80000000U || right >= 0x80000000U ? 1 : 0];
  const double expected = std::exp(log_tokens + log_share(left) + log_share(right));
  return std::max(-3.0, -std::log1p(expected));
}

}  // namespace pith
