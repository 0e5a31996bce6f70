#include "pith/curate/cluster/topic_names.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

struct Strength {
  double value = 0;
  std::uint64_t hash = 0;
  bool operator<(const Strength& other) const {
    return value != other.value ? value > other.value : hash < other.hash;
  }
};

bool of_signs(const std::string& term) {
  return !term.empty() && is_ideograph(decode_valid_point(term.data()).code_point);
}
std::string first_sign(const std::string& term) {
  return term.substr(0, decode_valid_point(term.data()).bytes);
}
std::string last_sign(const std::string& term) {
  std::size_t at = term.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(term[at]) & 0xC0) == 0x80) --at;
  return term.substr(at);
}

// Joins a pair to the term before it whose end it continues: 机器, 器学, 学习 to 机器学习.
void join_signs(std::vector<std::string>& terms) {
  for (bool joined = true; joined;) {
    joined = false;
    for (std::size_t a = 0; a < terms.size() && !joined; ++a) {
      for (std::size_t b = 0; b < terms.size() && !joined; ++b) {
        if (a == b || !of_signs(terms[a]) || !of_signs(terms[b])) continue;
        const std::string end = last_sign(terms[a]);
        if (end != first_sign(terms[b]) || count_code_points(terms[a]) > 5) continue;
        terms[std::min(a, b)] = terms[a] + terms[b].substr(end.size());
        terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(std::max(a, b)));
        joined = true;
      }
    }
  }
}

}  // namespace

std::vector<std::vector<std::string>> distinguishing_terms(
    const std::vector<SampledDocument>& documents, const LanguageTerms& languages,
    const std::vector<std::uint32_t>& group_of, std::size_t groups, std::size_t most) {
  constexpr double kRareness = 0.1;
  std::vector<std::map<std::uint32_t, double>> spoken(groups);  // documents of each language
  std::vector<std::unordered_map<std::uint64_t, std::uint32_t>> within(groups);
  std::vector<double> sizes(groups);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    sizes[group_of[i]] += 1;
    spoken[group_of[i]][languages.language_of(i)] += 1;
    for (const SampledTerm& term : documents[i].terms) ++within[group_of[i]][term.hash];
  }
  std::vector<std::vector<std::uint64_t>> chosen(groups);
  std::unordered_map<std::uint64_t, std::map<std::string, std::uint32_t>> surfaces;
  for (std::size_t g = 0; g < groups; ++g) {
    std::vector<Strength> strengths;
    for (const auto& [hash, count] : within[g]) {
      if ((count < 2 && sizes[g] > 2) || languages.is_common(hash)) continue;
      double usual = 0;  // what its share would be if the group were any documents of its languages
      for (const auto& [language, size] : spoken[g]) {
        usual +=
            size / sizes[g] * languages.count(hash, language) / languages.documents_in(language);
      }
      const double share = count / sizes[g];
      const double strength =
          std::log((share + 0.01) / (usual + 0.01)) - kRareness * std::log(usual + 0.01);
      strengths.push_back({share * strength, hash});
    }
    std::sort(strengths.begin(), strengths.end());
    if (strengths.size() > most) strengths.resize(most);
    for (const Strength& strength : strengths) {
      chosen[g].push_back(strength.hash);
      surfaces[strength.hash];
    }
  }
  for (const SampledDocument& document : documents) {
    for (const SampledTerm& term : document.terms) {
      const auto place = surfaces.find(term.hash);
      if (place != surfaces.end()) ++place->second[term.surface];
    }
  }
  std::vector<std::vector<std::string>> names(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    for (const std::uint64_t hash : chosen[g]) {
      const auto& forms = surfaces[hash];
      const auto best = std::max_element(
          forms.begin(), forms.end(),
          [](const auto& a, const auto& b) { return a.second < b.second; });  // first of equals
      names[g].push_back(best->first);
    }
    join_signs(names[g]);
  }
  return names;
}

std::string topic_name(const std::vector<std::string>& terms) {
  std::string name;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, terms.size()); ++i) {
    name += (name.empty() ? "" : ", ") + terms[i];
  }
  return name;
}

}  // namespace pith
