#include "pith/curate/spam/doorway.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "pith/base/hash.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::size_t kEdge = 80;  // tokens at either end of the body

struct TitleKey {
  std::uint64_t key = 0;
  std::size_t token = 0;
  char kind = 'n';
  bool held = false;
};

// A word that says something, or two signs; 0 where there is neither.
std::uint64_t subject_key(std::span<const SpamToken> tokens, std::size_t i) {
  const SpamToken& token = tokens[i];
  if (token.kind == SpamTokenKind::kWord && token.weight() >= 2) return mix64(token.hash);
  if (token.kind != SpamTokenKind::kSign || i == 0 || !tokens[i - 1].spoken()) return 0;
  return mix64(std::uint64_t{tokens[i - 1].hash} << 32 | token.hash);
}

}  // namespace

DoorwayFeatures doorway_features(std::string_view title, std::span<const SpamToken> body,
                                 std::span<const std::string_view> inserted) {
  DoorwayFeatures f;
  title = title.substr(0, 600);
  title.remove_suffix(incomplete_utf8_suffix(title));
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
    if (glued || hit.cue == SpamCue::kContact) f.title_glued = 1;
  }
  std::vector<char> kinds(tokens.size(), 'n');  // n(ame), t(rade), c(ue of another kind)
  for (const CueHit& hit : hits) {
    std::fill_n(kinds.begin() + static_cast<std::ptrdiff_t>(hit.token), hit.tokens,
                hit.cue == SpamCue::kTrade ? 't' : 'c');
  }
  std::vector<TitleKey> keys;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (const std::uint64_t key = subject_key(tokens, i)) keys.push_back({key, i, kinds[i]});
  }
  const std::size_t all = keys.size();
  std::ranges::stable_sort(keys, {}, &TitleKey::key);
  const auto same = [](const TitleKey& x, const TitleKey& y) { return x.key == y.key; };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
  if (all > 0) {
    f.title_repeats = static_cast<double>(all - keys.size()) / static_cast<double>(all);
    const std::size_t edge = std::min(kEdge, body.size() / 4);
    for (std::size_t i = edge; i + edge < body.size(); ++i) {
      const std::uint64_t key = subject_key(body, i);
      const auto at = std::ranges::lower_bound(keys, key, {}, &TitleKey::key);
      if (at != keys.end() && at->key == key) at->held = true;
    }
  }
  const auto unlike = [&keys](char kind) {
    double of_kind = 0, missed = 0;
    for (const TitleKey& key : keys) {
      of_kind += key.kind == kind;
      missed += key.kind == kind && !key.held;
    }
    return of_kind == 0 ? 1 : missed / of_kind;
  };
  f.name_unlike = unlike('n');
  // The part of the title that sells most: a copied title often comes before it.
  for (std::size_t begin = 0; begin < tokens.size();) {
    std::size_t end = begin;
    double part = 0, trade = 0;
    for (; end < tokens.size() && tokens[end].spoken(); ++end) {
      part += tokens[end].weight();
      if (kinds[end] == 't') trade += tokens[end].weight();
    }
    double of_part = 0, missed = 0;
    for (const TitleKey& key : keys) {
      if (key.token < begin || key.token >= end) continue;
      ++of_part;
      missed += !key.held;
    }
    if (trade > 0 && of_part > 0) {
      f.trade_unlike = std::max(f.trade_unlike, trade / part * missed / of_part);
    }
    begin = end + 1;
  }
  std::size_t with_trade = 0;
  for (const std::string_view fragment : inserted) {
    tokens.clear(), hits.clear();
    append_spam_tokens(fragment, tokens);
    find_cues(fragment, tokens, hits);
    with_trade +=
        std::ranges::any_of(hits, [](const CueHit& hit) { return hit.cue == SpamCue::kTrade; });
  }
  if (!inserted.empty()) {
    f.inserted_trade = static_cast<double>(with_trade) / static_cast<double>(inserted.size());
  }
  return f;
}

double doorway_score(const DoorwayFeatures& f) {
  // Fitted by logistic regression on the development pages of bench/spam_damage.py, then rounded.
  const double sum =
      -4.1 + 10.5 * std::min(f.title_trade, 0.5) + 5 * std::min(f.trade_unlike, 0.6) +
      f.name_unlike *
          (15.5 * std::min(f.title_call, 0.5) + 4.5 * f.title_glued + 5.5 * f.title_repeats - 2.2) +
      2.5 * f.inserted_trade;
  return 1 / (1 + std::exp(-sum));
}

}  // namespace pith
