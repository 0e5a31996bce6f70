#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// What a sentence speaks of: the terms by which sentences are compared for a summary.
namespace pith {

// Hashes of the terms of `sentence` (valid UTF-8), sorted, each once, into `terms`: words of
// letters in lower case, cut behind six letters, which takes endings off in most languages, without
// the commonest English function words; pairs of neighbouring Han or kana signs, without those in
// which a Chinese function word stands. Numbers are no terms.
void sentence_terms(std::string_view sentence, std::vector<std::uint64_t>& terms);

}  // namespace pith
