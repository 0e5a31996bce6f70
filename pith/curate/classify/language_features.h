#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

// What the language model sees of a text: n-grams of 2, 3 and 4 code points and whole words, hashed
// to buckets. Letters are in lower case, marks count as letters, and every run of anything else is
// one space. language.cc reads with it and scripts/train_language_model.cc learns with it.
namespace pith {

inline constexpr std::size_t kLanguageBuckets = 88000;

// What a code point is to the model: its lower case, or a space when it is no letter and no mark.
class FoldedPoints {
 public:
  FoldedPoints() {
    for (char32_t c = 0; c < kPoints; ++c) {
      const char32_t lower = to_lower(c);
      const bool letter = is_letter(c) || is_mark(c);
      table_[c] =
          letter ? static_cast<std::uint16_t>(lower < kPoints ? lower : c) : std::uint16_t{' '};
    }
  }
  std::uint16_t operator[](char32_t c) const {
    return c < kPoints ? table_[c] : std::uint16_t{' '};
  }

 private:
  static constexpr char32_t kPoints = 1 << 16;
  std::array<std::uint16_t, kPoints> table_;
};

// Calls on_bucket(bucket) for every n-gram and word of `utf8`, as often as each occurs. Ill-formed
// bytes are passed over.
template <class OnBucket>
void for_each_language_feature(std::string_view utf8, const FoldedPoints& folded,
                               const OnBucket& on_bucket) {
  // Odd numbers that spread keys over 64 bits.
  constexpr std::uint64_t kPair = 0x9E3779B97F4A7C15, kTriple = 0xC2B2AE3D27D4EB4F,
                          kQuad = 0xD6E8FEB86659FD93, kWord = 0xA0761D6478BD642F;
  const auto emit = [&](std::uint64_t key, std::uint64_t multiplier) {
    on_bucket(static_cast<std::size_t>((((key * multiplier) >> 32) * kLanguageBuckets) >> 32));
  };
  std::uint64_t window = ' ', word = 0;  // the last four points; a hash of the word so far
  int filled = 1;
  // A space behind the text ends its last word.
  for (std::size_t at = 0; at <= utf8.size();) {
    std::uint16_t point = ' ';
    if (at < utf8.size()) {
      const DecodedPoint decoded = decode_point(utf8.substr(at));
      at += decoded.bytes;
      if (!decoded.valid) continue;
      point = folded[decoded.code_point];
    } else {
      ++at;
    }
    if (point == ' ') {
      if ((window & 0xFFFF) == ' ') continue;
      emit(word, kWord);
      word = 0;
    } else {
      word = (word + point) * kPair;
    }
    window = (window << 16) | point;
    filled = std::min(filled + 1, 4);
    emit(window & 0xFFFFFFFF, kPair);
    if (filled >= 3) emit(window & 0xFFFFFFFFFFFF, kTriple);
    if (filled >= 4) emit(window, kQuad);
  }
}

}  // namespace pith
