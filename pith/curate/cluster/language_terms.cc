#include "pith/curate/cluster/language_terms.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr double kCommonest = 0.5;       // share of documents above which a term says nothing
constexpr double kLeastOfCommonest = 4;  // documents that any term may stand in

std::uint64_t key_of(std::uint64_t term, std::uint32_t language) {
  return mix64(term ^ (language + 1) * 0x9E3779B97F4A7C15ULL);
}

}  // namespace

LanguageTerms::LanguageTerms(const std::vector<SampledDocument>& documents) {
  std::map<std::string_view, std::uint32_t> numbers;
  for (const SampledDocument& document : documents) {
    const auto number = static_cast<std::uint32_t>(numbers.size());
    const auto [place, added] = numbers.try_emplace(document.language, number);
    if (added) sizes_.push_back(0);
    languages_.push_back(place->second);
    sizes_[place->second] += 1;
    for (const SampledTerm& term : document.terms) ++counts_[term.hash];
  }
  if (sizes_.size() > 1) {
    for (std::size_t i = 0; i < documents.size(); ++i) {
      for (const SampledTerm& term : documents[i].terms) {
        ++counts_in_[key_of(term.hash, languages_[i])];
      }
    }
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::uint32_t language = languages_[i];
    const double most = std::max(kLeastOfCommonest, kCommonest * sizes_[language]);
    for (const SampledTerm& term : documents[i].terms) {
      const std::uint32_t all = counts_[term.hash];
      if (all <= most) continue;
      const std::uint32_t here = count(term.hash, language);
      if (here > most && 2 * here > all) common_.insert(term.hash);
    }
  }
}

std::uint32_t LanguageTerms::count(std::uint64_t term, std::uint32_t language) const {
  const bool alone = sizes_.size() == 1;
  const auto& counts = alone ? counts_ : counts_in_;
  const auto place = counts.find(alone ? term : key_of(term, language));
  return place == counts.end() ? 0 : place->second;
}

}  // namespace pith
