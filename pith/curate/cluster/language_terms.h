#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pith/curate/cluster/topic_sample.h"

namespace pith {

// In how many documents of each language every term stands. Of a sample of many languages most
// terms are rare, also the function words of all languages but the largest: whether a term says
// something is asked among documents of its own language.
//
// Immutable. Threads: any number may ask. Memory: some 50 bytes for each term of each language.
class LanguageTerms {
 public:
  explicit LanguageTerms(const std::vector<SampledDocument>& documents);

  // Languages are numbered in the order in which the documents have them.
  std::uint32_t language_of(std::size_t document) const { return languages_[document]; }
  std::size_t languages() const { return sizes_.size(); }
  double documents_in(std::uint32_t language) const { return sizes_[language]; }

  // Documents of the language in which the term stands.
  std::uint32_t count(std::uint64_t term, std::uint32_t language) const;

  // Documents of any language, by term.
  const std::unordered_map<std::uint64_t, std::uint32_t>& counts() const { return counts_; }

  // Terms of more than half of the documents of a language, and of five of them at least, when the
  // other languages have fewer of them in all: they say nothing.
  bool is_common(std::uint64_t term) const { return common_.contains(term); }

 private:
  std::vector<std::uint32_t> languages_;  // of the documents
  std::vector<double> sizes_;             // of the languages, in documents
  std::unordered_map<std::uint64_t, std::uint32_t> counts_;
  // By a hash of term and language; empty where there is one language only.
  std::unordered_map<std::uint64_t, std::uint32_t> counts_in_;
  std::unordered_set<std::uint64_t> common_;
};

}  // namespace pith
