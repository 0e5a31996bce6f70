#include "pith/curate/spam/phrase_places.h"

#include <algorithm>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr std::uint32_t kPhraseWeight = 4;  // signs count one, words two
constexpr std::uint32_t kTitleWeight = 3;
constexpr std::uint32_t kLeastLine = 20;  // weight of a line of running text
constexpr std::size_t kMostMarks = 3;     // within a phrase

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

}  // namespace

PhraseFinder::Window PhraseFinder::window_at(std::span<const SpamToken> tokens, std::size_t i,
                                             std::uint32_t least) {
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

// Marks the lines that are no running text: code, tables, output of programs.
void PhraseFinder::mark_prose(std::string_view text) {
  const std::size_t n = tokens_.size();
  prose_.assign(n, 1);
  bool code = false;
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin, marks = 0, numbers = 0, stops = 0;
    std::uint32_t weight = 0;
    for (; end < n && tokens_[end].hash != spam_hash::kNewline; ++end) {
      marks += tokens_[end].kind == SpamTokenKind::kBreak;
      stops += tokens_[end].kind == SpamTokenKind::kStop;
      numbers += tokens_[end].hash == spam_hash::kNumber;
      weight += tokens_[end].weight();
    }
    const std::size_t at = begin < n ? tokens_[begin].begin : 0;
    const bool fence = begin < end && text.substr(at).starts_with("```");
    code ^= fence;
    const bool indented = at >= 4 && text.substr(at - 4, 4) == "    ";
    const bool table = begin < end && (text[at] == '|' || text[at] == '$' || text[at] == '<');
    if (code || fence || indented || table || stops == 0 || weight < kLeastLine ||
        (marks + numbers) * 3 > end - begin) {
      std::fill(prose_.begin() + static_cast<std::ptrdiff_t>(begin),
                prose_.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{0});
    }
    begin = end + 1;
  }
}

void PhraseFinder::read_title(std::string_view text) {
  title_.clear(), title_tokens_.clear();
  title_filter_ = {};
  append_spam_tokens(text, title_tokens_);
  for (std::size_t i = 0; i < title_tokens_.size(); ++i) {
    const Window window = window_at(title_tokens_, i, kTitleWeight);
    if (window.tokens == 0) continue;
    title_.push_back({window.key, i});
    const std::uint32_t hash = title_tokens_[i].hash;
    title_filter_[hash % 4096 / 64] |= std::uint64_t{1} << (hash % 64);
  }
  std::ranges::sort(title_, [](const TitleWindow& x, const TitleWindow& y) {
    return x.key != y.key ? x.key < y.key : x.token < y.token;
  });
}

// The longest stretch of the title that stands at `token`; without tokens when there is none.
PhrasePlace PhraseFinder::title_place(std::size_t token) const {
  constexpr std::ptrdiff_t kMostTried = 4;  // places in the title that begin alike
  PhrasePlace best{.begin = token, .end = token};
  const std::uint32_t hash = tokens_[token].hash;
  if ((title_filter_[hash % 4096 / 64] >> (hash % 64) & 1) == 0) return best;
  const Window window = window_at(tokens_, token, kTitleWeight);
  if (window.tokens == 0) return best;
  // Not std::ranges::equal_range: what it gives cannot be taken apart with Clang 14 and GCC 12's
  // library.
  const auto first = std::ranges::lower_bound(title_, window.key, {}, &TitleWindow::key);
  const auto last = std::ranges::upper_bound(title_, window.key, {}, &TitleWindow::key);
  for (auto at = first; at != last && at - first < kMostTried; ++at) {
    std::size_t i = token, t = at->token, end = token, title_end = t;
    while (i < tokens_.size() && t < title_tokens_.size()) {
      const bool said = tokens_[i].spoken(), titled = title_tokens_[t].spoken();
      if (said && titled) {
        if (tokens_[i].hash != title_tokens_[t].hash) break;
        end = ++i, title_end = ++t;
        continue;
      }
      if (!said && (tokens_[i].hash == spam_hash::kNewline || i + 1 == end + 3)) break;
      i += said ? 0 : 1, t += titled ? 0 : 1;
    }
    if (end <= best.end) continue;
    const bool whole = (at->token == 0 || !title_tokens_[at->token - 1].spoken()) &&
                       (title_end == title_tokens_.size() || !title_tokens_[title_end].spoken());
    best = {.begin = token, .end = end, .titled = true, .whole = whole};
  }
  return best;
}

// A run of windows that repeat from `token` on, each beginning before the last ended; it ends where
// a stretch of the title begins. Without tokens when there is none.
PhrasePlace PhraseFinder::repeated_place(std::size_t token, int least_repeats) const {
  PhrasePlace place{.begin = token, .end = token};
  int most = 0;
  for (std::size_t j = token; j < tokens_.size() && (j == token || j < place.end) && prose_[j] != 0;
       ++j) {
    if (j > token && !title_.empty() && title_place(j).titled) {
      place.end = std::min(place.end, j);
      break;
    }
    const Window& window = windows_[j];
    const int count = window.tokens > 0 ? counts_.of(window.key) : 0;
    if (count < least_repeats) continue;
    place.end = std::max(place.end, j + window.tokens);
    if (count > most || (count == most && window.key < place.group)) {
      most = count, place.group = window.key | 1;
    }
  }
  return place;
}

const std::vector<PhrasePlace>& PhraseFinder::find(std::string_view text,
                                                   std::span<const SpamToken> tokens,
                                                   std::size_t least_repeats) {
  const int least =
      static_cast<int>(std::min<std::size_t>(std::max<std::size_t>(least_repeats, 2), 200));
  tokens_ = tokens;
  mark_prose(text);
  const std::size_t n = tokens_.size();
  counts_.reset(n);
  windows_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    windows_[i] = prose_[i] == 0 ? Window{} : window_at(tokens_, i, kPhraseWeight);
    if (windows_[i].tokens > 0) counts_.add(windows_[i].key);
  }
  places_.clear();
  for (std::size_t i = 0; i < n;) {
    if (prose_[i] == 0) {
      ++i;
      continue;
    }
    PhrasePlace place;
    if (!title_.empty()) place = title_place(i);
    if (!place.titled) place = repeated_place(i, least);
    if (place.end == i) {
      ++i;
      continue;
    }
    i = place.end;
    // What only leads to a phrase or away from it is no part of it.
    if (!place.whole) {
      while (place.begin < place.end && is_function_word(tokens_[place.begin].hash)) ++place.begin;
      while (place.begin < place.end && is_function_word(tokens_[place.end - 1].hash)) --place.end;
    }
    std::uint32_t weight = 0;
    for (std::size_t t = place.begin; t < place.end; ++t) weight += tokens_[t].weight();
    if (weight >= (place.titled ? kTitleWeight : kPhraseWeight)) places_.push_back(place);
  }
  return places_;
}

}  // namespace pith
