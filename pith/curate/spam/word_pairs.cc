#include "pith/curate/spam/word_pairs.h"

#include <algorithm>
#include <cmath>

#include "pith/base/hash.h"

namespace pith {
namespace {

#include "pith/curate/spam/word_pairs.inc"

constexpr std::size_t kSlots = (sizeof(kPairs) - 1) / 2;

// The level of an entry, 1 to 15, or 0. A word by itself is the pair (word, 0). Each entry is in
// one of three places, with nine bits that tell it from others: of unknown pairs one in 200 passes
// for known.
int level_of(std::uint32_t left, std::uint32_t right) {
  // Base 91, without the quote, the question mark and the backslash.
  const auto digit = [](char c) {
    return c - 33 - (c > 34 ? 1 : 0) - (c > 63 ? 1 : 0) - (c > 92 ? 1 : 0);
  };
  const std::uint64_t mixed = mix64((std::uint64_t{left} << 32 | right) ^ 0x5BD1E995U);
  for (const std::uint64_t slot :
       {mixed % kSlots, (mixed >> 18) % kSlots, (mixed >> 36) % kSlots}) {
    const int value = digit(kPairs[2 * slot]) * 91 + digit(kPairs[2 * slot + 1]);
    if (static_cast<std::uint64_t>(value) >> 4 == mixed >> 55 && (value & 15) != 0) {
      return value & 15;
    }
  }
  return 0;
}

}  // namespace

bool known_word_pair(std::uint32_t left, std::uint32_t right) { return level_of(left, right) > 0; }

double log_word_share(std::uint32_t word) {
  const int level = level_of(word, 0);
  return level == 0 ? -13.5 : level - 15;
}

double word_pair_affinity(std::uint32_t left, std::uint32_t right) {
  const int level = level_of(left, right);
  if (level > 0) return (level - 6) * 0.5;
  const double log_rarest = kLogRarest[left >= 0x80000000U || right >= 0x80000000U ? 1 : 0];
  const double expected = std::exp(log_rarest + log_word_share(left) + log_word_share(right));
  return std::max(-3.0, -std::log1p(expected));
}

}  // namespace pith
