#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "pith/curate/cluster/language_terms.h"
#include "pith/curate/cluster/topic_sample.h"

namespace pith {

// What sets groups of documents apart. `languages` are those of `documents`, `group_of` gives each
// document's group, 0 .. groups - 1. Returns for every group its terms, the strongest first, at
// most `most`, as the documents write them.
//
// A term's strength is its share of the group's documents times the logarithm of how much more
// frequent it is there than in documents of the same languages (as in class-based TF-IDF): measured
// against all documents, the function words of a small language would set its groups apart. A group
// that is all there is of a language is no different from it, so that a tenth of the logarithm of
// how rare the term is in the language counts too. Common terms (LanguageTerms) are passed over.
// Pairs of Chinese signs that overlap are joined to the words they are of.
std::vector<std::vector<std::string>> distinguishing_terms(
    const std::vector<SampledDocument>& documents, const LanguageTerms& languages,
    const std::vector<std::uint32_t>& group_of, std::size_t groups, std::size_t most);

// The first three terms, with commas.
std::string topic_name(const std::vector<std::string>& terms);

}  // namespace pith
