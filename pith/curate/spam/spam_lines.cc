#include "pith/curate/spam/spam_lines.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

#include "pith/base/hash.h"
#include "pith/curate/spam/word_pairs.h"

namespace pith {
namespace {

// A line's tokens [begin, end) without its line end, and its bytes with it.
struct Line {
  std::size_t begin = 0, end = 0;
  std::size_t first_byte = 0, last_byte = 0;
  std::uint32_t trade = 0, call = 0, contact = 0, comment = 0;  // cues in it
  bool code = false;                                            // between ``` fences
  bool signs = false;                                           // it begins in Chinese
  char falls = 0;                                               // k(eywords), c(omment), h(eadline)
};

constexpr std::size_t kMostKeywordTokens = 12;  // in one keyword
constexpr std::size_t kLeastHeadline = 4, kMostHeadline = 45;
constexpr double kMostScore = 0.7;       // of a headline
constexpr std::size_t kLeastText = 100;  // tokens of sentences before a list of headlines
constexpr std::size_t kLongLine = 400;   // keys; in a longer line none is counted once only

std::uint64_t pair_key(const SpamToken& left, const SpamToken& right) {
  return mix64(std::uint64_t{left.hash} << 32 | right.hash);
}

// What tells a line's subject, 0 where there is nothing: a word, or two signs.
std::uint64_t subject_key(std::span<const SpamToken> tokens, std::size_t i) {
  const SpamToken& token = tokens[i];
  if (token.kind == SpamTokenKind::kWord) return mix64(token.hash);
  if (i == 0 || token.kind != SpamTokenKind::kSign) return 0;
  return tokens[i - 1].kind == SpamTokenKind::kSign ? pair_key(tokens[i - 1], token) : 0;
}
// What tells it more closely: two words, or three signs.
std::uint64_t phrase_key(std::span<const SpamToken> tokens, std::size_t i) {
  if (i == 0 || !tokens[i].spoken() || !tokens[i - 1].spoken()) return 0;
  if (tokens[i].kind != SpamTokenKind::kSign) return mix64(pair_key(tokens[i - 1], tokens[i]) + 1);
  if (i == 1 || !tokens[i - 2].spoken()) return 0;
  return mix64(pair_key(tokens[i - 2], tokens[i - 1]) + tokens[i].hash);
}
bool everyday(const SpamToken& token) {
  constexpr double kShare = -6.5;  // logarithm of the share of a word in any text
  if (token.kind != SpamTokenKind::kWord) return false;
  return token.weight() < 2 || token.hash == spam_hash::kNumber ||
         log_word_share(token.hash) > kShare;
}

// Whether white space stands between two tokens.
bool apart(const SpamToken& left, const SpamToken& right) { return left.end < right.begin; }

}  // namespace

struct SpamLineFinder::Scratch {
  std::vector<Line> lines;
  std::vector<std::uint64_t> seen;
  std::vector<std::uint8_t> known;  // in how many lines each subject key stands
};

SpamLineFinder::SpamLineFinder(const SpamLineOptions& options)
    : options_(options), scratch_(std::make_unique<Scratch>()) {}
SpamLineFinder::~SpamLineFinder() = default;
SpamLineFinder::SpamLineFinder(SpamLineFinder&&) noexcept = default;
SpamLineFinder& SpamLineFinder::operator=(SpamLineFinder&&) noexcept = default;

namespace {

void split_lines_of(std::string_view text, std::span<const SpamToken> tokens,
                    std::span<const CueHit> cues, std::vector<Line>& lines) {
  lines.clear();
  Line line;
  bool code = false;
  auto cue = cues.begin();
  const auto finish = [&](std::size_t end, std::size_t last_byte) {
    line.end = end, line.last_byte = last_byte;
    for (; cue != cues.end() && cue->token < end; ++cue) {
      line.trade += cue->cue == SpamCue::kTrade;
      line.call += cue->cue == SpamCue::kCall;
      line.contact += cue->cue == SpamCue::kContact;
      line.comment += cue->cue == SpamCue::kComment;
    }
    const bool fence = line.begin < end && text.substr(tokens[line.begin].begin).starts_with("```");
    code ^= fence;
    line.code = code || fence;
    line.signs = line.begin < end && tokens[line.begin].kind == SpamTokenKind::kSign;
    lines.push_back(line);
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].hash != spam_hash::kNewline || tokens[i].kind != SpamTokenKind::kStop) continue;
    finish(i, tokens[i].end);
    line = {.begin = i + 1, .first_byte = tokens[i].end};
  }
  if (line.begin < tokens.size()) finish(tokens.size(), text.size());
}

// Of the pairs within the keywords of a line, the share that stood in it before; 0 when it is no
// list of keywords.
double keyword_repeats(std::span<const SpamToken> tokens, std::size_t least,
                       std::vector<std::uint64_t>& seen) {
  std::size_t keywords = 0, length = 0, pairs = 0, again = 0, spoken = 0, numbers = 0;
  seen.clear();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const SpamToken& token = tokens[i];
    if (token.kind == SpamTokenKind::kStop && token.hash == spam_hash::kSentenceEnd &&
        token.end - token.begin > 1) {
      return 0;  // a sentence
    }
    const bool next = i > 0 && tokens[i - 1].spoken() && token.spoken();
    const bool gap =
        next && apart(tokens[i - 1], token) &&
        (token.kind == SpamTokenKind::kSign || tokens[i - 1].kind == SpamTokenKind::kSign);
    if (!token.spoken() || gap) {
      keywords += length > 0;
      length = 0;
    }
    // Brackets and figures are of tables and formulas.
    if (token.hash == '[' || token.hash == '(' || token.hash == '=' || token.hash == '`') return 0;
    if (!token.spoken()) continue;
    ++spoken;
    numbers += token.hash == spam_hash::kNumber;
    if (++length > kMostKeywordTokens) return 0;
    if (next && !gap) {
      seen.push_back(pair_key(tokens[i - 1], token));
      ++pairs;
    }
  }
  keywords += length > 0;
  if (keywords < least || pairs < keywords || spoken < 2 * keywords || numbers * 5 > spoken)
    return 0;
  std::ranges::sort(seen);
  for (std::size_t i = 1; i < seen.size(); ++i) again += seen[i] == seen[i - 1];
  return static_cast<double>(again) / static_cast<double>(pairs);
}

bool ends_sentence(std::span<const SpamToken> tokens, const Line& line) {
  const SpamToken& last = tokens[line.end - 1];
  return last.kind == SpamTokenKind::kStop && last.hash == spam_hash::kSentenceEnd;
}

bool comment_spam(std::span<const SpamToken> tokens, const Line& line) {
  const std::size_t length = line.end - line.begin;
  if (line.code || line.contact == 0 || length > 80 || length < 4) return false;
  if (line.comment > 1 || (line.comment > 0 && line.trade > 0)) return true;
  if (length > 40 || ends_sentence(tokens, line)) return false;
  return line.trade > 0 || (line.comment > 0 && (line.call > 0 || line.signs));
}

// What the form of a line says against its being a headline; above 0 when it may be one.
double headline_form(std::span<const SpamToken> tokens, const Line& line) {
  std::size_t marks = 0, stops = 0, words = 0;
  const auto own = tokens.subspan(line.begin, line.end - line.begin);
  if (line.code || line.contact > 0 || own.size() > 3 * kMostHeadline ||
      ends_sentence(tokens, line)) {
    return -1.5;
  }
  for (const SpamToken& token : own) {
    marks += token.kind == SpamTokenKind::kBreak;
    stops += token.kind == SpamTokenKind::kStop;
    words += token.spoken();
  }
  if (words > kMostHeadline) return -1.5;
  // "4.1 ..." or "A. ...": a table of contents.
  const bool section =
      own.size() > 2 && own[0].kind == SpamTokenKind::kWord &&
      own[1].hash == spam_hash::kSentenceEnd &&
      (own[0].hash == spam_hash::kNumber ? own[2].hash == spam_hash::kNumber : own[0].weight() < 2);
  const bool lead = own.back().hash == spam_hash::kComma && own.back().kind == SpamTokenKind::kStop;
  if (section || lead || stops > 2) return -1;
  if (words < kLeastHeadline || marks * 4 > words) return 0;
  return kMostScore;
}

// What a line of the list at the end says for or against its being one of unrelated headlines.
// `known`: in how many lines of the text each key stands.
double headline_score(std::span<const SpamToken> tokens, const Line& line,
                      const std::vector<std::uint8_t>& known) {
  const double form = headline_form(tokens, line);
  if (form <= 0) return form;
  const auto own = tokens.subspan(line.begin, line.end - line.begin);
  struct {
    double all = 0, elsewhere = 0;
    double share() const { return elsewhere / std::max(all, 1.0); }
  } subjects, phrases;
  const std::uint64_t mask = known.size() - 1;
  const auto elsewhere = [&](std::uint64_t key) {  // its own line counted it once
    return known[key & mask] > 1 && known[(key >> 32) & mask] > 1;
  };
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (const std::uint64_t key = subject_key(own, i); key != 0 && !everyday(own[i])) {
      ++subjects.all, subjects.elsewhere += elsewhere(key);
    }
    if (const std::uint64_t key = phrase_key(own, i)) {
      ++phrases.all, phrases.elsewhere += elsewhere(key);
    }
  }
  if (subjects.all < 3) return 0;
  // Of unrelated headlines a quarter of the words and few phrases stand elsewhere in the text, of
  // the lines of a text half and more (bench/spam_damage.py, development pages).
  return std::clamp(1.3 - 1.7 * subjects.share() - 1.5 * phrases.share(), -1.0, kMostScore);
}

// Whether a line leads to a list of other pages.
bool leads_to_list(std::string_view line) {
  constexpr std::size_t kLongest = 60;  // bytes
  if (line.size() > kLongest) return false;
  constexpr std::string_view kLeads[] = {
      "相关",   "推荐", "推薦",   "热门",       "熱門", "猜你", "喜欢",   "阅读",
      "最新",   "更多", "热点",   "热搜",       "精彩", "延伸", "上一篇", "下一篇",
      "elated", "like", "opular", "ecommended", "Read", "read", "atest",  "rending"};
  return std::ranges::any_of(kLeads,
                             [&](std::string_view lead) { return line.find(lead) != line.npos; });
}

}  // namespace

SpamLines SpamLineFinder::find(std::string_view text, const std::vector<SpamToken>& tokens,
                               const std::vector<CueHit>& cues) {
  Scratch& s = *scratch_;
  SpamLines found;
  split_lines_of(text, tokens, cues, s.lines);
  bool table = false;  // a bar stood in the line before
  for (Line& line : s.lines) {
    if (line.code || line.begin == line.end) continue;
    const std::size_t next = std::min(tokens.size(), line.end + 40);
    const auto bar = [&](std::size_t begin, std::size_t end) {
      return text.substr(begin, end - begin).find('|') != text.npos;
    };
    const bool after_bar = table;
    table = bar(line.first_byte, line.last_byte);
    const bool in_table =
        table &&
        (after_bar || (line.end < tokens.size() && bar(line.last_byte, tokens[next - 1].end)));
    if (comment_spam(tokens, line)) {
      line.falls = 'c';
    } else if (!in_table && line.end - line.begin >= 2 * options_.least_keywords) {
      const double repeats =
          keyword_repeats(std::span(tokens).subspan(line.begin, line.end - line.begin),
                          options_.least_keywords, s.seen);
      found.keyword_repeats = std::max(found.keyword_repeats, repeats);
      if (repeats >= options_.keyword_repeats) line.falls = 'k';
    }
  }

  // The list at the end: the run of lines up to the last whose scores sum to most.
  double most = 0, form = 0;  // the score that the list would have if no line were related
  for (std::size_t i = s.lines.size(); i-- > 0 && form > -4;) {
    if (s.lines[i].falls != 0 || s.lines[i].begin == s.lines[i].end) continue;
    form += headline_form(tokens, s.lines[i]);
    most = std::max(most, form);
    if (most >= options_.headline_score) break;
  }
  if (most >= options_.headline_score) {
    s.known.assign(std::bit_ceil(tokens.size() * 16 + 64), 0);
    const std::uint64_t mask = s.known.size() - 1;
    std::vector<std::uint64_t>& own = s.seen;  // places of a line's keys, each once
    for (const Line& line : s.lines) {
      own.clear();
      const auto of_line = std::span(tokens).subspan(line.begin, line.end - line.begin);
      for (std::size_t i = 0; i < of_line.size(); ++i) {
        for (const std::uint64_t key : {subject_key(of_line, i), phrase_key(of_line, i)}) {
          if (key != 0) own.push_back(key & mask), own.push_back((key >> 32) & mask);
        }
      }
      if (own.size() < kLongLine) {
        std::ranges::sort(own);
        own.erase(std::unique(own.begin(), own.end()), own.end());
      }
      for (const std::uint64_t place : own) {
        if (s.known[place] < 255) ++s.known[place];
      }
    }
    double sum = 0, best = 0;
    std::size_t from = s.lines.size();
    for (std::size_t i = s.lines.size(); i-- > 0;) {
      if (s.lines[i].falls != 0 || s.lines[i].begin == s.lines[i].end) continue;
      sum += headline_score(tokens, s.lines[i], s.known);
      if (sum > best) best = sum, from = i;
      if (sum < best - 4 || sum < -4) break;
    }
    found.headline_score = best;
    // Before the list there must be a text.
    std::size_t before = 0;
    for (std::size_t i = 0; i < from && i < s.lines.size(); ++i) {
      const Line& line = s.lines[i];
      if (line.end > line.begin && ends_sentence(tokens, line)) before += line.end - line.begin;
    }
    if (best >= options_.headline_score && s.lines.size() - from >= options_.least_headlines &&
        before >= kLeastText) {
      const auto line_text = [&](const Line& line) {
        return text.substr(line.first_byte, line.last_byte - line.first_byte);
      };
      while (from > 0 && s.lines[from - 1].begin < s.lines[from - 1].end &&
             leads_to_list(line_text(s.lines[from - 1]))) {
        --from;
      }
      for (std::size_t i = from; i < s.lines.size(); ++i) {
        if (s.lines[i].falls == 0) s.lines[i].falls = 'h';
      }
    }
  }

  for (const Line& line : s.lines) {
    if (line.falls == 0) continue;
    found.keyword_lines += line.falls == 'k';
    found.comment_lines += line.falls == 'c';
    found.headline_lines += line.falls == 'h';
    if (!found.cuts.empty() && found.cuts.back().end == line.first_byte) {
      found.cuts.back().end = line.last_byte;
    } else {
      found.cuts.push_back({line.first_byte, line.last_byte});
    }
  }
  return found;
}

}  // namespace pith
