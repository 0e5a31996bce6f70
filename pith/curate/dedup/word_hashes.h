#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// Words as duplicates are compared by: what text/words.h calls a word, folded, as a hash.
namespace pith {

// Replaces `out` with a hash for every word of `text`, in order. Words that differ only in case, in
// the width of their letters (ＡＢＣ１２), in the kind of apostrophe or in traditional and
// simplified signs share a hash; different words share one with probability 2^-64 or so. SIMD for
// ASCII words of up to 16 letters, the tables of Unicode for the rest. Pure; any thread.
void word_hashes(std::string_view text, std::vector<std::uint64_t>& out);

// The same from split_words(), word by word.
void word_hashes_ref(std::string_view text, std::vector<std::uint64_t>& out);

}  // namespace pith
