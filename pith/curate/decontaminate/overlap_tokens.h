#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// Text as contamination is looked for in it: what an editor or a translator of numbers changes
// first (case, punctuation, figures) makes no difference.
namespace pith {

inline constexpr std::uint64_t kNumberToken = 0x6e756d626572ull;

// A token for every word of `text` (valid UTF-8; text/words.h), in order, in lower case. Numbers,
// in figures or in English and Chinese words, are kNumberToken, and a run of them is one:
// "twenty-five", "25", "1,025.5" and "二十五" are the same. `tokens` is cleared first. True when
// most of the words are Han or kana signs.
bool overlap_tokens(std::string_view text, std::vector<std::uint64_t>& tokens);

}  // namespace pith
