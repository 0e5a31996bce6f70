#pragma once

#include <cstdint>
#include <string_view>

// How strongly a word speaks for main text (positive) or against it (negative), in log-odds.
// Learned by scripts/train_extraction.py; the tables are cue_words.inc, to be read and questioned.
namespace pith {

// Lower-case words by their hash: fold cue_hash_step over the bytes from kCueHashStart.
inline constexpr std::uint64_t kCueHashStart = 14695981039346656037ull;
constexpr std::uint64_t cue_hash_step(std::uint64_t hash, char lower) {
  return (hash ^ static_cast<unsigned char>(lower)) * 1099511628211ull;
}

float name_cue(std::uint64_t hash);  // a word of an element's class, id or role
float text_cue(std::uint64_t hash);  // a word of a short block's text

}  // namespace pith
