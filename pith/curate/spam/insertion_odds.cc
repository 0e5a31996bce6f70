#include "pith/curate/spam/insertion_odds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "pith/base/hash.h"
#include "pith/curate/spam/word_pairs.h"

namespace pith {
namespace {

constexpr double kMostAffinity = 4, kMostOdds = 4;
constexpr double kQuoted = 2.5;  // against what stands in quotation marks

std::uint64_t pair_key(std::uint32_t left, std::uint32_t right) {
  return mix64(std::uint64_t{left} << 32 | right);
}

// What a place looks like, and how much each says for its being an insertion: a logistic model,
// fitted on places of bench/spam_damage.py's development pages against repeated phrases of clean
// ones, both kinds given the same weight in all. Affinities are those of spam/word_pairs.h.
struct PlaceWeights {
  double constant = 0;
  double left = 0, right = 0, joined = 0;  // affinities: phrase and neighbours, neighbours
  double left_mark = 0, right_mark = 0, joined_mark = 0;  // the same where a mark is a neighbour
  double after_stop = 0, after_line = 0, after_break = 0;
  double before_stop = 0, before_line = 0, before_break = 0;
  double alone = 0;  // marks on both sides
  double weight_to_six = 0, weight_above_six = 0, whole = 0;
  double within = 0;  // the least affinity within the phrase
};
// By the phrase's ends: Chinese, Latin, one of each; then whether the title holds it.
constexpr PlaceWeights kPlaceWeights[3][2] = {
    {{-3.3, 0.35, -0.55, 0.45, 0.15, 0.1, 1.15, -0.45, -4.9, -1, -3.1, -1.9, -2.1, 3.8, 1.45, 0.22,
      0, -0.65},
     {-2.2, -0.3, -0.25, 0.7, 0.25, 0.25, 0.25, 0.2, -4.5, -0.4, -2, -6.4, -1.75, 2.9, 1, -0.1, 4.7,
      0}},
    {{-2.55, 0.3, -0.25, 0.5, -0.05, 0.4, 0.7, -1.1, -5.4, 0, -9.3, -6.3, -1.4, 1.35, 1.05, 0.16, 0,
      -0.8},
     {-2.2, -0.5, 0, 0.35, 0.25, 0.75, 0.25, -0.9, -4.2, 0.15, -3.8, -4.1, -2.2, 1, 1.3, 0.06, 2.8,
      -0.15}},
    {{-3, 0.3, -0.25, 0.5, 0, 0.15, 0.65, -0.8, -5.4, 0, -4.5, -5.6, -0.9, 1.65, 1.05, 0.1, 0,
      -0.7},
     {-0.8, -0.15, -0.25, 0.45, 0.05, -0.05, 0.3, 0, -2.4, -0.15, -0.7, -1.4, -1.5, 2.4, 0.95, 0.19,
      2.7, 0.15}}};

bool is_code_mark(std::uint32_t mark) {
  return mark < 0x80 && std::string_view("`$\\={}<>/#&@~^+%").find(static_cast<char>(mark)) !=
                            std::string_view::npos;
}
bool is_quote(std::uint32_t mark) {
  return std::u32string_view(U"\"'“”‘’「」『』«»").find(static_cast<char32_t>(mark)) !=
         std::u32string_view::npos;
}

// The mark that closes what `open` opens; 0 when it opens nothing.
std::uint32_t closing(std::uint32_t open) {
  constexpr std::u32string_view kOpen = U"([（【「《“-–—*|_\"", kClose = U")]）】」》”-–—*|_\"";
  static_assert(kOpen.size() == kClose.size());
  const std::size_t at = kOpen.find(static_cast<char32_t>(open));
  return at == kOpen.npos ? 0 : static_cast<std::uint32_t>(kClose[at]);
}

}  // namespace

void InsertionModel::read(std::span<const SpamToken> tokens) {
  tokens_ = tokens;
  pairs_.reset(tokens.size());
  words_.reset(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    words_.add(mix64(tokens[i].hash));
    if (i > 0) pairs_.add(pair_key(tokens[i - 1].hash, tokens[i].hash));
  }
}

// How well two tokens go together: what the table knows and what the document itself shows, in
// which the pair stands `own` times because of the place that is judged.
double InsertionModel::affinity(std::size_t left, std::size_t right, int own) const {
  const std::uint32_t l = tokens_[left].hash, r = tokens_[right].hash;
  double best = word_pair_affinity(l, r);
  const int seen = pairs_.of(pair_key(l, r)) - own;
  if (seen > 0) {
    const double product =
        std::max(1, words_.of(mix64(l))) * std::max(1.0, 1.0 * words_.of(mix64(r)));
    best = std::max(
        best, std::log(static_cast<double>(seen) * static_cast<double>(tokens_.size()) / product));
  }
  return std::min(best, kMostAffinity);
}

InsertionOdds InsertionModel::judge(const PhrasePlace& place) const {
  const std::size_t n = tokens_.size(), begin = place.begin, end = place.end;
  InsertionOdds result{.odds = -kMostOdds};
  if (begin == 0 || end >= n) return result;
  const SpamToken &left = tokens_[begin - 1], &right = tokens_[end];
  // Formulas, code, addresses and lists of figures repeat themselves for reasons of their own.
  std::size_t numbers = 0;
  for (std::size_t t = begin - 1; t <= end; ++t) {
    const bool outside = t < begin || t >= end;
    if (tokens_[t].kind == SpamTokenKind::kBreak && is_code_mark(tokens_[t].hash) &&
        (outside || !place.titled)) {
      return result;
    }
    numbers += !outside && tokens_[t].hash == spam_hash::kNumber;
  }
  if (numbers * 3 > end - begin) return result;
  // Of kana the table of pairs knows nothing.
  const auto kana = [&](std::size_t t) {
    return tokens_[t].hash >= 0x3040 && tokens_[t].hash < 0x3100;
  };
  if (!place.titled && (kana(begin - 1) || kana(begin) || kana(end - 1) || kana(end))) {
    return result;
  }
  const bool latin_first = tokens_[begin].kind == SpamTokenKind::kWord;
  const bool latin_last = tokens_[end - 1].kind == SpamTokenKind::kWord;
  const PlaceWeights& w = kPlaceWeights[latin_first != latin_last ? 2
                                        : latin_first             ? 1
                                                                  : 0][place.titled ? 1 : 0];
  double odds = w.constant;
  if (!left.spoken()) {
    odds += left.hash == spam_hash::kNewline    ? w.after_line
            : left.kind == SpamTokenKind::kStop ? w.after_stop
                                                : w.after_break;
  }
  if (!right.spoken()) {
    odds += right.hash == spam_hash::kNewline    ? w.before_line
            : right.kind == SpamTokenKind::kStop ? w.before_stop
                                                 : w.before_break;
  }
  if (!left.spoken() && !right.spoken()) odds += w.alone;
  if (is_quote(left.hash) && is_quote(right.hash)) odds -= kQuoted;
  double weight = 0;
  for (std::size_t t = begin; t < end; ++t) weight += tokens_[t].weight();
  odds += w.weight_to_six * (std::min(weight, 6.0) - 4);
  odds += w.weight_above_six * std::clamp(weight - 6, 0.0, 14.0);
  if (place.whole) odds += w.whole * std::clamp(weight - 4, 0.0, 8.0) / 8;
  // What the neighbours may still say; the look into the table is the dear part.
  constexpr double kMostOfNeighbours = 5;
  if (odds < -kMostOdds - kMostOfNeighbours) return result;
  const double to_left = affinity(begin - 1, begin, 1), to_right = affinity(end - 1, end, 1);
  const double joined = affinity(begin - 1, end, 0);
  odds += (left.spoken() ? w.left : w.left_mark) * to_left;
  odds += (right.spoken() ? w.right : w.right_mark) * to_right;
  if (left.spoken() && right.spoken()) odds += w.joined * joined;
  if (left.spoken() != right.spoken()) odds += w.joined_mark * joined;
  if (w.within != 0 && odds > -kMostOdds - 1) {
    double within = kMostAffinity;
    for (std::size_t t = begin + 1; t < end; ++t) {
      within = std::min(within, word_pair_affinity(tokens_[t - 1].hash, tokens_[t].hash));
    }
    odds += w.within * within;
  }
  result.odds = std::clamp(odds, -kMostOdds, kMostOdds);
  result.judged = true;
  result.cut_begin = begin, result.cut_end = end;

  // Brackets and pairs of commas come with the phrase; of other marks on both sides one stays.
  if (left.spoken() || right.spoken() || right.hash == spam_hash::kNewline) return result;
  const bool bracket = left.kind == SpamTokenKind::kBreak && closing(left.hash) == right.hash;
  const bool commas = left.kind == SpamTokenKind::kStop && left.hash == spam_hash::kComma &&
                      right.kind == SpamTokenKind::kStop && right.hash == spam_hash::kComma;
  const bool inner = begin > 1 && end + 1 < n;
  if (bracket || (commas && inner &&
                  affinity(begin - 2, end + 1, 0) >
                      affinity(begin - 2, begin - 1, 0) + affinity(end, end + 1, 0))) {
    --result.cut_begin, ++result.cut_end;
  } else if (right.kind == SpamTokenKind::kStop) {
    ++result.cut_end;
  }
  return result;
}

}  // namespace pith
