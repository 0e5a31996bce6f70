#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

// What a text speaks of, as summaries and topics see it: its words without their endings, and
// without those that are in every text. Pure; any thread.
namespace pith {

// Calls on_term(hash, surface) for every term of `text` (valid UTF-8) in order:
// - words of letters in lower case, cut behind six letters, which takes endings off in most
//   languages; the commonest English function words and numbers are no terms; `surface` is the
//   word;
// - pairs of neighbouring Han or kana signs, without those in which a Chinese function word stands.
using OnTerm = std::function<void(std::uint64_t hash, std::string_view surface)>;
void for_each_term(std::string_view text, const OnTerm& on_term);

// The different hashes among the terms of `text`, ascending, into `terms`.
void distinct_terms(std::string_view text, std::vector<std::uint64_t>& terms);

}  // namespace pith
