#include "pith/curate/spam/doorway.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "pith/base/hash.h"

namespace pith {
namespace {

std::uint64_t pair_key(const SpamToken& left, const SpamToken& right) {
  return mix64(std::uint64_t{left.hash} << 32 | right.hash);
}

}  // namespace

DoorwayFeatures doorway_features(std::string_view title, std::string_view,
                                 std::span<const SpamToken> body, std::span<const CueHit> cues,
                                 std::span<const std::string_view> inserted) {
  DoorwayFeatures f;
  title = title.substr(0, 600);
  while (!title.empty() && (static_cast<unsigned char>(title.back()) & 0xC0) == 0x80) {
    title.remove_suffix(1);  // a sign that the cut went through goes with its first byte below
  }
  if (!title.empty() && static_cast<unsigned char>(title.back()) >= 0xC0) title.remove_suffix(1);
  std::vector<SpamToken> tokens;
  append_spam_tokens(title, tokens);
  std::vector<CueHit> hits;
  find_cues(title, tokens, hits);
  double weight = 0;
  for (const SpamToken& token : tokens) weight += token.weight();
  if (weight == 0) return f;
  for (const CueHit& hit : hits) {
    double of_cue = 0;
    for (std::size_t i = hit.token; i < hit.token + hit.tokens; ++i) of_cue += tokens[i].weight();
    if (hit.cue == SpamCue::kTrade) f.title_trade += of_cue / weight;
    if (hit.cue == SpamCue::kCall) f.title_call += of_cue / weight;
    const bool glued = hit.token > 0 && tokens[hit.token].kind == SpamTokenKind::kSign &&
                       tokens[hit.token - 1].kind == SpamTokenKind::kWord &&
                       tokens[hit.token - 1].end == tokens[hit.token].begin;
    if (glued) f.title_glued = 1;
  }
  std::vector<std::uint64_t> pairs;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].spoken() && tokens[i - 1].spoken()) {
      pairs.push_back(pair_key(tokens[i - 1], tokens[i]));
    }
  }
  std::ranges::sort(pairs);
  const std::size_t all = pairs.size();
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  if (all > 0) {
    f.title_repeats = static_cast<double>(all - pairs.size()) / static_cast<double>(all);
    std::vector<bool> held(pairs.size());
    for (std::size_t i = 1; i < body.size(); ++i) {
      const auto at = std::ranges::lower_bound(pairs, pair_key(body[i - 1], body[i]));
      if (at != pairs.end() && *at == pair_key(body[i - 1], body[i])) {
        held[static_cast<std::size_t>(at - pairs.begin())] = true;
      }
    }
    const auto said = static_cast<double>(std::ranges::count(held, true));
    f.body_unlike = 1 - said / static_cast<double>(pairs.size());
  }
  double trade = 0, contacts = 0;
  for (const CueHit& hit : cues) {
    trade += hit.cue == SpamCue::kTrade;
    contacts += hit.cue == SpamCue::kContact;
  }
  const double thousands = static_cast<double>(body.size()) / 1000 + 0.1;
  f.body_trade = std::min(10.0, trade / thousands);
  f.contacts = std::min(10.0, contacts / thousands);
  std::size_t with_trade = 0;
  for (const std::string_view fragment : inserted) {
    tokens.clear(), hits.clear();
    append_spam_tokens(fragment, tokens);
    find_cues(fragment, tokens, hits);
    with_trade += !hits.empty();
  }
  if (!inserted.empty()) {
    f.inserted_trade = static_cast<double>(with_trade) / static_cast<double>(inserted.size());
  }
  return f;
}

double doorway_score(const DoorwayFeatures& f) {
  const double sum = -7 + 12 * std::min(f.title_trade, 0.5) + 6 * std::min(f.title_call, 0.5) +
                     2 * f.title_glued + 2 * f.title_repeats + 3 * f.body_unlike -
                     0.5 * f.body_trade + 2 * f.inserted_trade + 0.1 * f.contacts;
  return 1 / (1 + std::exp(-sum));
}

}  // namespace pith
