#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

// What selection sees of a document, made once and read by every method.
namespace pith {

inline constexpr std::uint32_t kTargetFeatures = 1u << 18;
inline constexpr std::size_t kTargetWords = 1000;  // of a document that are looked at

// The first kTargetWords words of a text, in order, as hashes: ASCII letters in lower case; the
// highest bit is set where the word is a Han or kana character (text/words.h).
struct DocumentWords {
  static constexpr std::uint32_t kIdeograph = 1u << 31;
  std::vector<std::uint32_t> words;
  std::uint32_t bytes = 0;              // of text up to the end of the last of them
  std::vector<std::uint32_t> features;  // target_features() of them
};

// Replaces `out`, features included. Pure; any thread.
void see_document(std::string_view text, DocumentWords& out);

// The bytes at the front of `text` that see_document() looks at, cut between code points: a long
// book costs no more than a page.
std::string_view front_of(std::string_view text);

// Replaces `out` with the distinct n-grams of the words, hashed to 0..kTargetFeatures-1, ascending.
// Spaced scripts give words and pairs of words; Han and kana give pairs and triples of characters.
void target_features(const std::vector<std::uint32_t>& words, std::vector<std::uint32_t>& out);
void target_features(std::string_view text, std::vector<std::uint32_t>& out);  // of its words

}  // namespace pith
