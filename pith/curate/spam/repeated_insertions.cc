#include "pith/curate/spam/repeated_insertions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "pith/curate/spam/insertion_odds.h"
#include "pith/curate/spam/phrase_places.h"
#include "pith/curate/spam/spam_cues.h"

namespace pith {
namespace {

constexpr std::size_t kChunk = 32768;  // tokens that are looked at together
// Weight of a text; in a shorter one a phrase is soon much of it.
constexpr double kLeastForDensity = 100;
constexpr std::size_t kLeastPlacesForDensity = 6;
constexpr double kLeastVaried = 0.4;     // share of places with neighbours of their own
constexpr double kCueBonus = 2;          // evidence, for a phrase that advertises
constexpr double kUntitledEvidence = 1;  // more, for phrases that the title does not hold
constexpr double kUntitledShare = 0.4;   // of whose places so many must look inserted
constexpr double kMostCut = 0.35;        // of a text, in fragments

struct Place {
  PhrasePlace phrase;
  InsertionOdds odds;
};

}  // namespace

struct InsertionFinder::Scratch {
  PhraseFinder phrases;
  InsertionModel model;
  std::vector<CueHit> hits;
  std::vector<Place> places;
  std::span<const SpamToken> tokens;

  bool sells(std::string_view text, std::span<const Place> group);
  double varied(std::span<const Place> group) const;
};

// Whether the phrase has a word of those that advertise.
bool InsertionFinder::Scratch::sells(std::string_view text, std::span<const Place> group) {
  const PhrasePlace& place = group[group.size() / 2].phrase;
  hits.clear();
  find_cues(text, tokens.subspan(place.begin, place.end - place.begin), hits);
  return !hits.empty();
}

// Of the places, the share that has a left (right) neighbour that no other has; the smaller share.
double InsertionFinder::Scratch::varied(std::span<const Place> group) const {
  constexpr std::size_t kNear = 3;  // marks that may stand between
  std::vector<std::uint32_t> left, right;
  for (const Place& place : group) {
    std::size_t before = place.phrase.begin, after = place.phrase.end;
    while (before > 0 && place.phrase.begin - before < kNear && !tokens[before - 1].spoken()) {
      --before;
    }
    while (after + 1 < tokens.size() && after - place.phrase.end < kNear &&
           !tokens[after].spoken()) {
      ++after;
    }
    left.push_back(before > 0 ? tokens[before - 1].hash : 0);
    right.push_back(after < tokens.size() ? tokens[after].hash : 0);
  }
  double least = 1;
  for (auto* side : {&left, &right}) {
    std::ranges::sort(*side);
    const auto distinct = std::unique(side->begin(), side->end()) - side->begin();
    least = std::min(least, static_cast<double>(distinct) / static_cast<double>(group.size()));
  }
  return least;
}

InsertionFinder::InsertionFinder(const InsertionOptions& options)
    : options_(options), scratch_(std::make_unique<Scratch>()) {}
InsertionFinder::~InsertionFinder() = default;
InsertionFinder::InsertionFinder(InsertionFinder&&) noexcept = default;
InsertionFinder& InsertionFinder::operator=(InsertionFinder&&) noexcept = default;

namespace {

// The share of a group's places that look inserted, and how much better that explains the odds
// than that none is.
struct Mixture {
  double share = 0, evidence = 0;
};
Mixture mix_of(std::span<const Place> places) {
  Mixture mixture{.share = 0.5};
  for (int step = 0; step < 12; ++step) {
    double sum = 0, evidence = 0;
    for (const Place& place : places) {
      const double inserted = mixture.share * std::exp(place.odds.odds);
      sum += inserted / (inserted + 1 - mixture.share);
      evidence += std::log(inserted + 1 - mixture.share);
    }
    mixture = {std::clamp(sum / static_cast<double>(places.size()), 0.001, 0.999), evidence};
  }
  return mixture;
}

// The bytes to cut so that what is left is spaced as it was.
Cut cut_of(std::string_view text, std::span<const SpamToken> tokens, const Place& place) {
  Cut cut{tokens[place.odds.cut_begin].begin, tokens[place.odds.cut_end - 1].end};
  const auto space = [&](std::size_t at) { return text[at] == ' '; };
  const bool before = cut.begin > 0 && space(cut.begin - 1);
  const bool after = cut.end < text.size() && space(cut.end);
  // An insertion may also begin or end the text.
  const bool inside = place.odds.cut_begin > 0 && place.odds.cut_end < tokens.size();
  const bool signs = inside && tokens[place.odds.cut_begin - 1].kind != SpamTokenKind::kWord &&
                     tokens[place.odds.cut_end].kind != SpamTokenKind::kWord;
  if (before && after) {
    ++cut.end;
    if (signs && tokens[place.odds.cut_begin - 1].hash > 0x2E80) --cut.begin;
  }
  return cut;
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return lower;
}

std::string phrase_of(std::string_view text, std::span<const SpamToken> tokens,
                      const Place& place) {
  const std::size_t begin = tokens[place.phrase.begin].begin;
  return lower_ascii(text.substr(begin, tokens[place.phrase.end - 1].end - begin));
}

// Phrases that were cut elsewhere and stand inside of a word too ("govBest Onlineernment"), where
// they are no tokens.
void cut_within_words(std::string_view text, std::vector<std::string>& phrases,
                      std::vector<Cut>& cuts) {
  constexpr std::size_t kLeastBytes = 8, kMostPhrases = 8;
  std::erase_if(phrases, [](const std::string& phrase) {
    return phrase.size() < kLeastBytes || static_cast<unsigned char>(phrase[0]) >= 0x80;
  });
  std::ranges::sort(phrases);
  phrases.erase(std::unique(phrases.begin(), phrases.end()), phrases.end());
  std::ranges::stable_sort(phrases, std::ranges::greater{}, &std::string::size);
  if (phrases.empty()) return;
  if (phrases.size() > kMostPhrases) phrases.resize(kMostPhrases);
  const std::string lower = lower_ascii(text);
  const auto letter = [&](std::size_t at) { return lower[at] >= 'a' && lower[at] <= 'z'; };
  for (const std::string& phrase : phrases) {
    for (std::size_t at = lower.find(phrase); at != std::string::npos;
         at = lower.find(phrase, at + phrase.size())) {
      const std::size_t end = at + phrase.size();
      if (at == 0 || end >= lower.size() || !letter(at - 1) || !letter(end)) continue;
      const bool cut =
          std::ranges::any_of(cuts, [&](const Cut& c) { return c.begin < end && at < c.end; });
      if (!cut) cuts.push_back({at, end});
    }
  }
}

}  // namespace

Insertions InsertionFinder::find(std::string_view text, const std::vector<SpamToken>& tokens,
                                 std::string_view title) {
  Scratch& s = *scratch_;
  Insertions found;
  std::vector<std::string> phrases;  // that were cut
  s.phrases.read_title(title.substr(0, 1000));
  s.hits.clear();
  find_cues(title.substr(0, 1000), s.phrases.title_tokens(), s.hits);
  const bool title_sells = !s.hits.empty();
  for (std::size_t from = 0; from < tokens.size(); from += kChunk) {
    s.tokens = std::span(tokens).subspan(from, std::min(kChunk, tokens.size() - from));
    const std::vector<PhrasePlace>& phrase_places =
        s.phrases.find(text, s.tokens, options_.least_repeats);
    if (phrase_places.empty()) continue;
    s.model.read(s.tokens);
    double weight = 0;
    for (const SpamToken& token : s.tokens) weight += token.weight();
    s.places.clear();
    for (const PhrasePlace& place : phrase_places)
      s.places.push_back({place, s.model.judge(place)});
    std::ranges::stable_sort(s.places, {}, [](const Place& place) { return place.phrase.group; });
    std::size_t groups = 1;
    for (std::size_t i = 1; i < s.places.size(); ++i) {
      groups += s.places[i].phrase.group != s.places[i - 1].phrase.group;
    }
    // The more phrases are asked, the surer one must be.
    const double untitled = kUntitledEvidence + std::log(static_cast<double>(groups)) / 2;
    for (std::size_t i = 0; i < s.places.size();) {
      std::size_t j = i;
      while (j < s.places.size() && s.places[j].phrase.group == s.places[i].phrase.group) ++j;
      const std::span<const Place> group(&s.places[i], j - i);
      i = j;
      Mixture mixture = mix_of(group);
      if (!group[0].phrase.titled) mixture.evidence -= untitled;
      if ((group[0].phrase.titled && title_sells) || s.sells(text, group))
        mixture.evidence += kCueBonus;
      if (s.varied(group) < kLeastVaried) mixture.evidence = 0;
      found.evidence = std::max(found.evidence, mixture.evidence);
      std::uint32_t dense = 0;
      for (const Place& place : group) {
        for (std::size_t t = place.phrase.begin; t < place.phrase.end; ++t)
          dense += s.tokens[t].weight();
      }
      if (weight >= kLeastForDensity && group.size() >= kLeastPlacesForDensity &&
          (group[0].phrase.titled || s.sells(text, group))) {
        found.density = std::max(found.density, dense / weight);
      }
      if (mixture.evidence < options_.evidence ||
          mixture.share < (group[0].phrase.titled ? options_.share : kUntitledShare)) {
        for (const Place& place : group) {
          if (!place.phrase.titled || place.odds.odds <= 0) continue;
          found.suspects.push_back(
              {s.tokens[place.phrase.begin].begin, s.tokens[place.phrase.end - 1].end});
        }
        continue;
      }
      // A phrase of which nearly every place is surely an insertion has no business in the text.
      const bool sure = mixture.evidence > 2 * options_.evidence && mixture.share > 0.7;
      const double least = sure ? options_.place / 4 : options_.place;
      for (const Place& place : group) {
        const double inserted = mixture.share * std::exp(place.odds.odds);
        if (!place.odds.judged || inserted / (inserted + 1 - mixture.share) < least) continue;
        found.cuts.push_back(cut_of(text, s.tokens, place));
        phrases.push_back(phrase_of(text, s.tokens, place));
      }
    }
  }
  std::ranges::sort(found.suspects, {}, &Cut::begin);
  std::size_t cut_bytes = 0;
  for (const Cut& cut : found.cuts) cut_bytes += cut.end - cut.begin;
  if (static_cast<double>(cut_bytes) > kMostCut * static_cast<double>(text.size())) {
    found.cuts.clear(), phrases.clear();
  } else if (!text.empty()) {  // what is cut is no part of the text that is left
    const double share = static_cast<double>(cut_bytes) / static_cast<double>(text.size());
    found.density = std::max(0.0, found.density - share);
  }
  cut_within_words(text, phrases, found.cuts);
  std::ranges::sort(found.cuts, {}, &Cut::begin);
  std::vector<Cut> joined;
  for (const Cut& cut : found.cuts) {
    if (!joined.empty() && cut.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, cut.end);
    } else {
      joined.push_back(cut);
    }
  }
  found.cuts = std::move(joined);
  return found;
}

}  // namespace pith
