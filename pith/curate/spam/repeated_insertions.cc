#include "pith/curate/spam/repeated_insertions.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "pith/base/hash.h"
#include "pith/curate/spam/spam_cues.h"
#include "pith/curate/spam/word_pairs.h"

namespace pith {
namespace {

constexpr std::size_t kChunk = 32768;       // tokens that are looked at together
constexpr std::uint32_t kPhraseWeight = 4;  // signs count one, words two
constexpr std::uint32_t kTitleWeight = 3;
// Weight of a text; in a shorter one a phrase is soon much of it.
constexpr double kLeastForDensity = 100;
constexpr std::size_t kLeastPlacesForDensity = 6;
constexpr std::uint32_t kLeastLine = 20;  // weight of a line of running text
constexpr std::size_t kMostMarks = 3;     // within a phrase
constexpr double kLeastVaried = 0.4;      // share of places with neighbours of their own
constexpr double kCueBonus = 2;           // evidence, for a phrase that advertises
constexpr double kMostAffinity = 4, kMostOdds = 4;
constexpr double kUntitledEvidence = 1;  // more, for phrases that the title does not hold
constexpr double kUntitledShare = 0.4;   // of whose places so many must look inserted
constexpr double kQuoted = 2.5;          // against what stands in quotation marks
constexpr double kMostCut = 0.35;        // of a text, in fragments

// Counts of hashed keys, without their names. A key is counted in two slots, and the lower count
// holds: few keys share both with others.
class Counts {
 public:
  void reset(std::size_t keys) {
    const std::size_t size = std::bit_ceil(keys * 4 + 64);
    if (counts_.size() != size) counts_.resize(size);
    std::ranges::fill(counts_, std::uint8_t{0});
    mask_ = size - 1;
  }
  void add(std::uint64_t key) {
    for (const std::uint64_t at : {key & mask_, (key >> 32) & mask_}) {
      if (counts_[at] < 255) ++counts_[at];
    }
  }
  int of(std::uint64_t key) const {
    return std::min(counts_[key & mask_], counts_[(key >> 32) & mask_]);
  }

 private:
  std::vector<std::uint8_t> counts_;
  std::size_t mask_ = 0;
};

std::uint64_t pair_key(std::uint32_t left, std::uint32_t right) {
  return mix64(std::uint64_t{left} << 32 | right);
}

// A window: the shortest run of tokens from `i` on that weighs a phrase; 0 tokens when there is
// none.
struct Window {
  std::uint64_t key = 0;
  std::size_t tokens = 0;
};
Window window_at(std::span<const SpamToken> tokens, std::size_t i, std::uint32_t least) {
  std::uint64_t key = 0;
  std::uint32_t weight = 0;
  std::size_t marks = 0;
  if (!tokens[i].spoken()) return {};
  for (std::size_t j = i; j < tokens.size(); ++j) {
    const SpamToken& token = tokens[j];
    if (token.kind == SpamTokenKind::kStop) return {};
    if (!token.spoken()) {
      if (++marks > kMostMarks) return {};
      continue;  // a phrase is the same however its parts are divided
    }
    key = (key ^ token.hash) * 0x9E3779B97F4A7C15ULL;
    key ^= key >> 29;
    // "SunSpider" is one word.
    const bool grown = j > i && token.kind == SpamTokenKind::kWord &&
                       tokens[j - 1].end == token.begin &&
                       tokens[j - 1].kind == SpamTokenKind::kWord;
    weight += grown ? 0 : token.weight();
    if (weight >= least) return {mix64(key), j + 1 - i};
  }
  return {};
}

// Where in the title a run of tokens stands that weighs kTitleWeight.
struct TitleWindow {
  std::uint64_t key = 0;
  std::size_t token = 0;
};

// Words that no phrase begins or ends with.
bool is_function_word(std::uint32_t hash) {
  static const std::vector<std::uint32_t> words = [] {
    std::vector<SpamToken> tokens;
    append_spam_tokens(
        "的了在是和与及也就都将对从到把被为以等中上个我你他它这那有不会能可要"
        " the a an of to in and or for on with by from at is are was were be as that this it your"
        " you can we our their his her its not will have has had but if i they which who s t",
        tokens);
    std::vector<std::uint32_t> hashes;
    for (const SpamToken& token : tokens) hashes.push_back(token.hash);
    std::ranges::sort(hashes);
    return hashes;
  }();
  return std::ranges::binary_search(words, hash);
}

// A place where a repeated phrase stands: tokens [begin, end).
struct Place {
  std::size_t begin = 0, end = 0;
  std::uint64_t group = 0;
  bool titled = false;  // the same words stand in the title
  bool whole = false;   // a part of the title from mark to mark, or several
  double odds = 0;      // logarithm of: inserted against said
  bool judged = false;
  std::size_t cut_begin = 0, cut_end = 0;  // tokens
};

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

struct InsertionFinder::Scratch {
  Counts counts, pairs, words;
  std::vector<std::uint8_t> prose;  // of each token, whether it stands in running text
  std::vector<Window> windows;      // at each token
  std::vector<TitleWindow> title;   // by key
  std::vector<SpamToken> title_tokens;
  std::array<std::uint64_t, 64> title_filter{};  // of the hashes with which its windows begin
  std::vector<CueHit> hits;
  std::vector<Place> places;
  std::span<const SpamToken> tokens;

  double affinity(std::size_t left, std::size_t right, int own) const;
  void judge(Place& place) const;
  bool sells(std::string_view text, std::span<const Place> group);
  double varied(std::span<const Place> group) const;
  void mark_prose(std::string_view text);
  void read_title(std::string_view title);
  Place title_place(std::size_t token) const;
  void find_places(std::size_t least_repeats);
};

// How well two tokens go together: what the table knows and what the document itself shows, in
// which the pair stands `own` times because of the place that is judged.
double InsertionFinder::Scratch::affinity(std::size_t left, std::size_t right, int own) const {
  const std::uint32_t l = tokens[left].hash, r = tokens[right].hash;
  double best = word_pair_affinity(l, r);
  const int seen = pairs.of(pair_key(l, r)) - own;
  if (seen > 0) {
    const double product =
        std::max(1, words.of(mix64(l))) * std::max(1.0, 1.0 * words.of(mix64(r)));
    best = std::max(
        best, std::log(static_cast<double>(seen) * static_cast<double>(tokens.size()) / product));
  }
  return std::min(best, kMostAffinity);
}

void InsertionFinder::Scratch::judge(Place& place) const {
  const std::size_t n = tokens.size(), begin = place.begin, end = place.end;
  place.odds = -kMostOdds, place.judged = false;
  if (begin == 0 || end >= n) return;
  const SpamToken &left = tokens[begin - 1], &right = tokens[end];
  // Formulas, code, addresses and lists of figures repeat themselves for reasons of their own.
  std::size_t numbers = 0;
  for (std::size_t t = begin - 1; t <= end; ++t) {
    const bool outside = t < begin || t >= end;
    if (tokens[t].kind == SpamTokenKind::kBreak && is_code_mark(tokens[t].hash) &&
        (outside || !place.titled)) {
      return;
    }
    numbers += !outside && tokens[t].hash == spam_hash::kNumber;
  }
  if (numbers * 3 > end - begin) return;
  // Of kana the table of pairs knows nothing.
  const auto kana = [&](std::size_t t) {
    return tokens[t].hash >= 0x3040 && tokens[t].hash < 0x3100;
  };
  if (!place.titled && (kana(begin - 1) || kana(begin) || kana(end - 1) || kana(end))) return;
  const bool latin_first = tokens[begin].kind == SpamTokenKind::kWord;
  const bool latin_last = tokens[end - 1].kind == SpamTokenKind::kWord;
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
  for (std::size_t t = begin; t < end; ++t) weight += tokens[t].weight();
  odds += w.weight_to_six * (std::min(weight, 6.0) - 4);
  odds += w.weight_above_six * std::clamp(weight - 6, 0.0, 14.0);
  if (place.whole) odds += w.whole * std::clamp(weight - 4, 0.0, 8.0) / 8;
  // What the neighbours may still say; the look into the table is the dear part.
  constexpr double kMostOfNeighbours = 5;
  if (odds < -kMostOdds - kMostOfNeighbours) return;
  const double to_left = affinity(begin - 1, begin, 1), to_right = affinity(end - 1, end, 1);
  const double joined = affinity(begin - 1, end, 0);
  odds += (left.spoken() ? w.left : w.left_mark) * to_left;
  odds += (right.spoken() ? w.right : w.right_mark) * to_right;
  if (left.spoken() && right.spoken()) odds += w.joined * joined;
  if (left.spoken() != right.spoken()) odds += w.joined_mark * joined;
  if (w.within != 0 && odds > -kMostOdds - 1) {
    double within = kMostAffinity;
    for (std::size_t t = begin + 1; t < end; ++t) {
      within = std::min(within, word_pair_affinity(tokens[t - 1].hash, tokens[t].hash));
    }
    odds += w.within * within;
  }
  place.odds = std::clamp(odds, -kMostOdds, kMostOdds);
  place.judged = true;
  place.cut_begin = begin, place.cut_end = end;

  // Brackets and pairs of commas come with the phrase; of other marks on both sides one stays.
  if (left.spoken() || right.spoken() || right.hash == spam_hash::kNewline) return;
  const bool bracket = left.kind == SpamTokenKind::kBreak && closing(left.hash) == right.hash;
  const bool commas = left.kind == SpamTokenKind::kStop && left.hash == spam_hash::kComma &&
                      right.kind == SpamTokenKind::kStop && right.hash == spam_hash::kComma;
  const bool inner = begin > 1 && end + 1 < n;
  if (bracket || (commas && inner &&
                  affinity(begin - 2, end + 1, 0) >
                      affinity(begin - 2, begin - 1, 0) + affinity(end, end + 1, 0))) {
    --place.cut_begin, ++place.cut_end;
  } else if (right.kind == SpamTokenKind::kStop) {
    ++place.cut_end;
  }
}

// Whether the phrase has a word of those that advertise.
bool InsertionFinder::Scratch::sells(std::string_view text, std::span<const Place> group) {
  const Place& place = group[group.size() / 2];
  hits.clear();
  find_cues(text, tokens.subspan(place.begin, place.end - place.begin), hits);
  return !hits.empty();
}

// Of the places, the share that has a left (right) neighbour that no other has; the smaller share.
double InsertionFinder::Scratch::varied(std::span<const Place> group) const {
  constexpr std::size_t kNear = 3;  // marks that may stand between
  std::vector<std::uint32_t> left, right;
  for (const Place& place : group) {
    std::size_t before = place.begin, after = place.end;
    while (before > 0 && place.begin - before < kNear && !tokens[before - 1].spoken()) --before;
    while (after + 1 < tokens.size() && after - place.end < kNear && !tokens[after].spoken())
      ++after;
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

// Marks the lines that are no running text: code, tables, output of programs.
void InsertionFinder::Scratch::mark_prose(std::string_view text) {
  const std::size_t n = tokens.size();
  prose.assign(n, 1);
  bool code = false;
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin, marks = 0, numbers = 0, stops = 0;
    std::uint32_t weight = 0;
    for (; end < n && tokens[end].hash != spam_hash::kNewline; ++end) {
      marks += tokens[end].kind == SpamTokenKind::kBreak;
      stops += tokens[end].kind == SpamTokenKind::kStop;
      numbers += tokens[end].hash == spam_hash::kNumber;
      weight += tokens[end].weight();
    }
    const std::size_t at = begin < n ? tokens[begin].begin : 0;
    const bool fence = begin < end && text.substr(at).starts_with("```");
    code ^= fence;
    const bool indented = at >= 4 && text.substr(at - 4, 4) == "    ";
    const bool table = begin < end && (text[at] == '|' || text[at] == '$' || text[at] == '<');
    if (code || fence || indented || table || stops == 0 || weight < kLeastLine ||
        (marks + numbers) * 3 > end - begin) {
      std::fill(prose.begin() + static_cast<std::ptrdiff_t>(begin),
                prose.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{0});
    }
    begin = end + 1;
  }
}

void InsertionFinder::Scratch::read_title(std::string_view text) {
  title.clear(), title_tokens.clear();
  title_filter = {};
  append_spam_tokens(text, title_tokens);
  for (std::size_t i = 0; i < title_tokens.size(); ++i) {
    const Window window = window_at(title_tokens, i, kTitleWeight);
    if (window.tokens == 0) continue;
    title.push_back({window.key, i});
    const std::uint32_t hash = title_tokens[i].hash;
    title_filter[hash % 4096 / 64] |= std::uint64_t{1} << (hash % 64);
  }
  std::ranges::sort(title, [](const TitleWindow& x, const TitleWindow& y) {
    return x.key != y.key ? x.key < y.key : x.token < y.token;
  });
}

// The longest stretch of the title that stands at `token`; without tokens when there is none.
Place InsertionFinder::Scratch::title_place(std::size_t token) const {
  constexpr std::ptrdiff_t kMostTried = 4;  // places in the title that begin alike
  Place best{.begin = token, .end = token};
  const std::uint32_t hash = tokens[token].hash;
  if ((title_filter[hash % 4096 / 64] >> (hash % 64) & 1) == 0) return best;
  const Window window = window_at(tokens, token, kTitleWeight);
  if (window.tokens == 0) return best;
  // Not std::ranges::equal_range: what it gives cannot be taken apart with Clang 14 and GCC 12's
  // library.
  const auto first = std::ranges::lower_bound(title, window.key, {}, &TitleWindow::key);
  const auto last = std::ranges::upper_bound(title, window.key, {}, &TitleWindow::key);
  for (auto at = first; at != last && at - first < kMostTried; ++at) {
    std::size_t i = token, t = at->token, end = token, title_end = t;
    while (i < tokens.size() && t < title_tokens.size()) {
      const bool said = tokens[i].spoken(), titled = title_tokens[t].spoken();
      if (said && titled) {
        if (tokens[i].hash != title_tokens[t].hash) break;
        end = ++i, title_end = ++t;
        continue;
      }
      if (!said && (tokens[i].hash == spam_hash::kNewline || i + 1 == end + 3)) break;
      i += said ? 0 : 1, t += titled ? 0 : 1;
    }
    if (end <= best.end) continue;
    const bool whole = (at->token == 0 || !title_tokens[at->token - 1].spoken()) &&
                       (title_end == title_tokens.size() || !title_tokens[title_end].spoken());
    best = {.begin = token, .end = end, .titled = true, .whole = whole};
  }
  return best;
}

void InsertionFinder::Scratch::find_places(std::size_t least_repeats) {
  const int least =
      static_cast<int>(std::min<std::size_t>(std::max<std::size_t>(least_repeats, 2), 200));
  const std::size_t n = tokens.size();
  counts.reset(n);
  windows.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    windows[i] = prose[i] == 0 ? Window{} : window_at(tokens, i, kPhraseWeight);
    if (windows[i].tokens > 0) counts.add(windows[i].key);
  }
  places.clear();
  for (std::size_t i = 0; i < n;) {
    if (prose[i] == 0) {
      ++i;
      continue;
    }
    Place place{.begin = i, .end = i};
    if (!title.empty()) place = title_place(i);
    if (!place.titled) {
      // A run of windows that repeat, each beginning before the last ended.
      int most = 0;
      for (std::size_t j = i; j < n && (j == i || j < place.end) && prose[j] != 0; ++j) {
        if (j > i && !title.empty() && title_place(j).titled) {
          place.end = std::min(place.end, j);
          break;
        }
        const Window& window = windows[j];
        const int count = window.tokens > 0 ? counts.of(window.key) : 0;
        if (count >= least) {
          place.end = std::max(place.end, j + window.tokens);
          if (count > most || (count == most && window.key < place.group)) {
            most = count, place.group = window.key | 1;
          }
        }
      }
    }
    if (place.end == i) {
      ++i;
      continue;
    }
    i = place.end;
    // What only leads to a phrase or away from it is no part of it.
    if (!place.whole) {
      while (place.begin < place.end && is_function_word(tokens[place.begin].hash)) ++place.begin;
      while (place.begin < place.end && is_function_word(tokens[place.end - 1].hash)) --place.end;
    }
    std::uint32_t weight = 0;
    for (std::size_t t = place.begin; t < place.end; ++t) weight += tokens[t].weight();
    if (weight >= (place.titled ? kTitleWeight : kPhraseWeight)) places.push_back(place);
  }
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
      const double inserted = mixture.share * std::exp(place.odds);
      sum += inserted / (inserted + 1 - mixture.share);
      evidence += std::log(inserted + 1 - mixture.share);
    }
    mixture = {std::clamp(sum / static_cast<double>(places.size()), 0.001, 0.999), evidence};
  }
  return mixture;
}

// The bytes to cut so that what is left is spaced as it was.
Cut cut_of(std::string_view text, std::span<const SpamToken> tokens, const Place& place) {
  Cut cut{tokens[place.cut_begin].begin, tokens[place.cut_end - 1].end};
  const auto space = [&](std::size_t at) { return text[at] == ' '; };
  const bool before = cut.begin > 0 && space(cut.begin - 1);
  const bool after = cut.end < text.size() && space(cut.end);
  // An insertion may also begin or end the text.
  const bool inside = place.cut_begin > 0 && place.cut_end < tokens.size();
  const bool signs = inside && tokens[place.cut_begin - 1].kind != SpamTokenKind::kWord &&
                     tokens[place.cut_end].kind != SpamTokenKind::kWord;
  if (before && after) {
    ++cut.end;
    if (signs && tokens[place.cut_begin - 1].hash > 0x2E80) --cut.begin;
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
  const std::size_t begin = tokens[place.begin].begin;
  return lower_ascii(text.substr(begin, tokens[place.end - 1].end - begin));
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
  s.read_title(title.substr(0, 1000));
  s.hits.clear();
  find_cues(title.substr(0, 1000), s.title_tokens, s.hits);
  const bool title_sells = !s.hits.empty();
  for (std::size_t from = 0; from < tokens.size(); from += kChunk) {
    s.tokens = std::span(tokens).subspan(from, std::min(kChunk, tokens.size() - from));
    s.mark_prose(text);
    s.find_places(options_.least_repeats);
    if (s.places.empty()) continue;
    s.pairs.reset(s.tokens.size());
    s.words.reset(s.tokens.size());
    double weight = 0;
    for (std::size_t i = 0; i < s.tokens.size(); ++i) {
      weight += s.tokens[i].weight();
      s.words.add(mix64(s.tokens[i].hash));
      if (i > 0) s.pairs.add(pair_key(s.tokens[i - 1].hash, s.tokens[i].hash));
    }
    for (Place& place : s.places) s.judge(place);
    std::ranges::stable_sort(s.places, {}, &Place::group);
    std::size_t groups = 1;
    for (std::size_t i = 1; i < s.places.size(); ++i) {
      groups += s.places[i].group != s.places[i - 1].group;
    }
    // The more phrases are asked, the surer one must be.
    const double untitled = kUntitledEvidence + std::log(static_cast<double>(groups)) / 2;
    for (std::size_t i = 0; i < s.places.size();) {
      std::size_t j = i;
      while (j < s.places.size() && s.places[j].group == s.places[i].group) ++j;
      const std::span<const Place> group(&s.places[i], j - i);
      i = j;
      Mixture mixture = mix_of(group);
      if (!group[0].titled) mixture.evidence -= untitled;
      if ((group[0].titled && title_sells) || s.sells(text, group)) mixture.evidence += kCueBonus;
      if (s.varied(group) < kLeastVaried) mixture.evidence = 0;
      found.evidence = std::max(found.evidence, mixture.evidence);
      std::uint32_t dense = 0;
      for (const Place& place : group) {
        for (std::size_t t = place.begin; t < place.end; ++t) dense += s.tokens[t].weight();
      }
      if (weight >= kLeastForDensity && group.size() >= kLeastPlacesForDensity &&
          (group[0].titled || s.sells(text, group))) {
        found.density = std::max(found.density, dense / weight);
      }
      if (mixture.evidence < options_.evidence ||
          mixture.share < (group[0].titled ? options_.share : kUntitledShare)) {
        for (const Place& place : group) {
          if (!place.titled || place.odds <= 0) continue;
          found.suspects.push_back({s.tokens[place.begin].begin, s.tokens[place.end - 1].end});
        }
        continue;
      }
      // A phrase of which nearly every place is surely an insertion has no business in the text.
      const bool sure = mixture.evidence > 2 * options_.evidence && mixture.share > 0.7;
      const double least = sure ? options_.place / 4 : options_.place;
      for (const Place& place : group) {
        const double inserted = mixture.share * std::exp(place.odds);
        if (!place.judged || inserted / (inserted + 1 - mixture.share) < least) continue;
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
