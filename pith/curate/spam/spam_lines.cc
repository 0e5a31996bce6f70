#include "pith/curate/spam/spam_lines.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

#include "pith/base/hash.h"

namespace pith {
namespace {

// A line's tokens [begin, end) without its line end, and its bytes with it.
struct Line {
  std::size_t begin = 0, end = 0;
  std::size_t first_byte = 0, last_byte = 0;
  std::uint32_t trade = 0, call = 0, contact = 0, comment = 0;  // cues in it
  bool code = false;                                            // between ``` fences
  char falls = 0;                                               // k(eywords), c(omment), h(eadline)
};

constexpr std::size_t kMostKeywordTokens = 12;  // in one keyword
constexpr std::size_t kLeastHeadline = 4, kMostHeadline = 45;

std::uint64_t pair_key(const SpamToken& left, const SpamToken& right) {
  return mix64(std::uint64_t{left.hash} << 32 | right.hash);
}

// What tells a line's subject: two words, or three signs; 0 where there is neither.
std::uint64_t subject_key(std::span<const SpamToken> tokens, std::size_t i) {
  if (i == 0 || !tokens[i].spoken() || !tokens[i - 1].spoken()) return 0;
  if (tokens[i].kind != SpamTokenKind::kSign) return pair_key(tokens[i - 1], tokens[i]);
  if (i == 1 || !tokens[i - 2].spoken()) return 0;
  return mix64(pair_key(tokens[i - 2], tokens[i - 1]) + tokens[i].hash);
}

// Whether white space stands between two tokens.
bool apart(const SpamToken& left, const SpamToken& right) { return left.end < right.begin; }

}  // namespace

struct SpamLineFinder::Scratch {
  std::vector<Line> lines;
  std::vector<std::uint64_t> seen;
  std::vector<std::uint8_t> body;  // counts of the text's subject keys
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
  std::size_t keywords = 0, length = 0, pairs = 0, again = 0, spoken = 0;
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
    if (!token.spoken()) continue;
    ++spoken;
    if (++length > kMostKeywordTokens) return 0;
    if (next && !gap) {
      seen.push_back(pair_key(tokens[i - 1], token));
      ++pairs;
    }
  }
  keywords += length > 0;
  if (keywords < least || pairs < keywords || spoken < 2 * keywords) return 0;
  std::ranges::sort(seen);
  for (std::size_t i = 1; i < seen.size(); ++i) again += seen[i] == seen[i - 1];
  return static_cast<double>(again) / static_cast<double>(pairs);
}

bool comment_spam(const Line& line) {
  const std::size_t length = line.end - line.begin;
  if (line.code || length > 80 || length < 4) return false;
  if (line.contact > 0 && line.comment > 0) return true;
  return line.contact > 0 && line.trade > 0 && length <= 40;
}

// What a line of the list at the end says for or against its being a list of unrelated headlines.
double headline_score(std::span<const SpamToken> tokens, const Line& line,
                      const std::vector<std::uint8_t>& body) {
  std::size_t marks = 0, numbers = 0, words = 0, pairs = 0, known = 0;
  const auto own = tokens.subspan(line.begin, line.end - line.begin);
  for (std::size_t i = 0; i < own.size(); ++i) {
    marks += own[i].kind == SpamTokenKind::kBreak;
    numbers += own[i].hash == spam_hash::kNumber;
    words += own[i].spoken();
    const std::uint64_t key = subject_key(own, i);
    if (key == 0) continue;
    ++pairs;
    known += body[key & (body.size() - 1)] > 1;  // its own line counted it once
  }
  const bool sentence = !own.empty() && own.back().hash == spam_hash::kSentenceEnd &&
                        own.back().kind == SpamTokenKind::kStop;
  if (line.code || line.contact > 0 || sentence || words > kMostHeadline) return -1.5;
  if (words < kLeastHeadline || marks * 4 > words || pairs < 3) return -0.3;
  const double related = static_cast<double>(known) / static_cast<double>(pairs);
  return 0.7 - 2.0 * related;
}

}  // namespace

SpamLines SpamLineFinder::find(std::string_view text, const std::vector<SpamToken>& tokens,
                               const std::vector<CueHit>& cues) {
  Scratch& s = *scratch_;
  SpamLines found;
  split_lines_of(text, tokens, cues, s.lines);
  for (Line& line : s.lines) {
    if (line.code || line.begin == line.end) continue;
    if (comment_spam(line)) {
      line.falls = 'c';
    } else if (line.end - line.begin >= 2 * options_.least_keywords) {
      const double repeats =
          keyword_repeats(std::span(tokens).subspan(line.begin, line.end - line.begin),
                          options_.least_keywords, s.seen);
      found.keyword_repeats = std::max(found.keyword_repeats, repeats);
      if (repeats >= options_.keyword_repeats) line.falls = 'k';
    }
  }

  // The list at the end: the run of lines up to the last whose scores sum to most.
  std::size_t candidates = 0;  // short lines among the last
  for (std::size_t i = s.lines.size(); i-- > 0 && s.lines.size() - i <= 12;) {
    candidates += s.lines[i].end - s.lines[i].begin <= kMostHeadline;
  }
  if (candidates >= options_.least_headlines) {
    s.body.assign(std::bit_ceil(tokens.size() * 4 + 64), 0);
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      const std::uint64_t key = subject_key(tokens, i);
      if (key == 0) continue;
      std::uint8_t& count = s.body[key & (s.body.size() - 1)];
      if (count < 255) ++count;
    }
    double sum = 0, best = 0;
    std::size_t from = s.lines.size();
    for (std::size_t i = s.lines.size(); i-- > 0;) {
      if (s.lines[i].falls != 0 || s.lines[i].begin == s.lines[i].end) continue;
      sum += headline_score(tokens, s.lines[i], s.body);
      if (sum > best) best = sum, from = i;
      if (sum < best - 4 || sum < -4) break;
    }
    found.headline_score = best;
    if (best >= options_.headline_score && s.lines.size() - from >= options_.least_headlines) {
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
