#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pith {

inline constexpr std::uint32_t kTargetFeatures = 1u << 18;
inline constexpr std::size_t kTargetWords = 1000;  // of a document that are looked at

// Replaces `out` with what a target classifier sees of `text`: the distinct n-grams of its first
// kTargetWords words, hashed to 0..kTargetFeatures-1, ascending. Spaced scripts give words and
// pairs of words; Han and kana, where a word is one character (text/words.h), give pairs and
// triples of characters. ASCII letters in lower case. Pure; any thread.
void target_features(std::string_view text, std::vector<std::uint32_t>& out);

}  // namespace pith
