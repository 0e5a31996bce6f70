#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pith/base/hash.h"

// What two documents are compared by.
namespace pith {

inline constexpr std::size_t kShingleWords = 5;

// Replaces `out` with the distinct shingles of `text`, as 32-bit hashes, ascending. A shingle is
// kShingleWords words in a row (text/words.h: a Han or kana letter is a word, so Chinese works as
// well as spaced scripts), folded as word_hashes.h says: case, width, and traditional Chinese do
// not count, nor do punctuation and spacing. A text of fewer words is one shingle; a text without
// words has none.
//
// Two different shingles share a hash with probability 2^-32. Pure; any thread.
void distinct_shingles(std::string_view text, std::vector<std::uint32_t>& out);

// The same, each shingle hashed from its words anew.
std::vector<std::uint32_t> distinct_shingles_ref(std::string_view text);

// |a and b| / |a or b| of two ascending lists without repeats, 0 when both are empty.
double jaccard(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);

// The hash that exact duplicates share: of `text` with ASCII letters in lower case and every run
// of white space (Unicode's) as one space, none at the ends.
Hash128 exact_text_hash(std::string_view text);
Hash128 exact_text_hash_ref(std::string_view text);

}  // namespace pith
