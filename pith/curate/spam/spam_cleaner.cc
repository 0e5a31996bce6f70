#include "pith/curate/spam/spam_cleaner.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "pith/text/words.h"

namespace pith {
namespace {

constexpr std::size_t kLongestTitleLine = 200;  // bytes of a first line that may be a title

// `text` without the cuts, which are ascending and apart.
void cut_out(std::string_view text, const std::vector<Cut>& cuts, std::string& out) {
  out.clear();
  std::size_t at = 0;
  for (const Cut& cut : cuts) {
    out.append(text.substr(at, cut.begin - at));
    at = cut.end;
  }
  out.append(text.substr(at));
}

}  // namespace

void spam_settings(SpamOptions& o, SettingVisitor& v) {
  v.count("least_repeats", o.insertions.least_repeats, "of a phrase that breaks sentences");
  v.number("evidence", o.insertions.evidence, 0, 1000,
           "log odds that a phrase's places are insertions, before any is cut");
  v.share("insertion", o.insertions.place, "probability of one place, before it is cut");
  v.share("inserted_share", o.insertions.share, "of a phrase's places that must look inserted");
  v.count("least_keywords", o.lines.least_keywords, "in a line that is a run of keywords");
  v.share("keyword_repeats", o.lines.keyword_repeats, "of such a line's pairs that repeat in it");
  v.count("least_headlines", o.lines.least_headlines, "in a list at the end of a page");
  v.number("headline_score", o.lines.headline_score, 0, 1000,
           "of the list, at most 0.7 a headline");
  v.share("doorway", o.doorway, "score of a page that is dropped");
  v.share("phrase_density", o.phrase_density, "of the text, in phrases of its title");
  v.share("left", o.left, "of the text, that repair must leave, or nothing is repaired");
}

SpamCounts& SpamCounts::operator+=(const SpamCounts& other) {
  fragments += other.fragments;
  keyword_lines += other.keyword_lines;
  comment_lines += other.comment_lines;
  headline_lines += other.headline_lines;
  cut_bytes += other.cut_bytes;
  documents += other.documents;
  return *this;
}

struct SpamCleaner::Scratch {
  std::vector<SpamToken> tokens;
  std::vector<CueHit> cues;
  SpamLineFinder lines;
  InsertionFinder insertions;
  std::string without_lines, repaired;
};

SpamCleaner::SpamCleaner(const SpamOptions& options)
    : options_(options), scratch_(std::make_unique<Scratch>()) {
  scratch_->lines = SpamLineFinder(options.lines);
  scratch_->insertions = InsertionFinder(options.insertions);
}
SpamCleaner::~SpamCleaner() = default;
SpamCleaner::SpamCleaner(SpamCleaner&&) noexcept = default;
SpamCleaner& SpamCleaner::operator=(SpamCleaner&&) noexcept = default;

SpamResult SpamCleaner::clean(std::string_view text, std::string_view title,
                              std::vector<Measure>* all) {
  SpamResult result;
  result.text = text;
  if (!options_.enabled) return result;
  if (text.empty() || text.size() >= std::numeric_limits<std::uint32_t>::max()) return result;
  Scratch& s = *scratch_;
  const auto read = [&s](std::string_view now) {
    s.tokens.clear();
    append_spam_tokens(now, s.tokens);
  };
  read(text);
  s.cues.clear();
  find_cues(text, s.tokens, s.cues);
  const BodyCues body = body_cues(s.tokens.size(), s.cues);
  SpamLines lines = s.lines.find(text, s.tokens, s.cues);
  const auto size = static_cast<double>(text.size());
  if (!lines.cuts.empty()) {
    cut_out(text, lines.cuts, s.without_lines);
    const std::string_view left = trim_whitespace(s.without_lines);
    if (static_cast<double>(left.size()) < options_.left * size) {
      lines.cuts.clear();
      lines.keyword_lines = lines.comment_lines = lines.headline_lines = 0;
    } else {
      result.text = left;
      read(left);
    }
  }
  result.counts.keyword_lines = lines.keyword_lines;
  result.counts.comment_lines = lines.comment_lines;
  result.counts.headline_lines = lines.headline_lines;
  result.headline_score = lines.headline_score;
  result.keyword_repeats = lines.keyword_repeats;

  const bool untitled = title.empty();
  if (untitled) {
    title = result.text.substr(0, result.text.find('\n'));
    if (title.size() > kLongestTitleLine) title = {};
  }
  const Insertions insertions = s.insertions.find(result.text, s.tokens, title);
  result.evidence = insertions.evidence;
  result.counts.fragments = insertions.cuts.size();
  std::vector<std::string_view> fragments;
  const std::string_view broken = result.text;
  std::size_t fragment_bytes = 0;
  for (const Cut& cut : insertions.cuts) {
    fragments.push_back(broken.substr(cut.begin, cut.end - cut.begin));
    fragment_bytes += fragments.back().size();
  }
  if (!fragments.empty()) {
    cut_out(broken, insertions.cuts, s.repaired);
    result.text = s.repaired;
    read(result.text);
  } else {
    // What of the title was perhaps put into the text does not tell what the text is about.
    std::size_t token = 0;
    for (const Cut& suspect : insertions.suspects) {
      while (token < s.tokens.size() && s.tokens[token].begin < suspect.begin) ++token;
      for (; token < s.tokens.size() && s.tokens[token].begin < suspect.end; ++token) {
        s.tokens[token].hash = 0, s.tokens[token].kind = SpamTokenKind::kBreak;
      }
    }
  }
  result.counts.cut_bytes = text.size() - result.text.size();
  result.counts.documents = result.counts.cut_bytes > 0 ? 1 : 0;
  result.doorway = doorway_features(title, result.text, s.tokens, fragments, body);
  result.doorway.untitled = untitled;

  FilterChecks checks(all);
  checks.above(doorway_score(result.doorway), options_.doorway, "spam.doorway") ||
      checks.above(insertions.density, options_.phrase_density, "spam.phrase_density");
  result.verdict = checks.verdict();
  // Repair that leaves too little is not believed.
  if (static_cast<double>(result.text.size()) < options_.left * size) {
    result.text = text;
    result.counts = {};
  }
  return result;
}

}  // namespace pith
