#include "pith/curate/clean/c4_lines.h"

#include <algorithm>
#include <array>

#include "pith/curate/clean/settings.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// `needle` is in lower case; only ASCII letters are folded.
bool contains_folded(std::string_view line, std::string_view needle) {
  const auto place = std::search(line.begin(), line.end(), needle.begin(), needle.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return place != line.end();
}

constexpr std::array<std::string_view, 6> kPolicies = {"terms of use",   "privacy policy",
                                                       "cookie policy",  "uses cookies",
                                                       "use of cookies", "use cookies"};
constexpr std::array<std::string_view, 8> kChinesePolicies = {
    "隐私政策", "隱私政策", "隐私权政策", "隱私權政策",
    "使用条款", "使用條款", "版权所有",   "版權所有"};
// What turns a mention of JavaScript into a request to switch it on.
constexpr std::array<std::string_view, 12> kRequests = {
    "enable",  "disabled", "requires", "turn on", "activate", "your browser",
    "support", "启用",     "啟用",     "开启",    "開啟",     "浏览器"};

constexpr std::size_t kNoticeWords = 40;
constexpr std::size_t kChineseNoticeCharacters = 40;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

struct Pieces {
  std::size_t count = 0, longest = 0;
};
Pieces white_space_pieces(std::string_view line) {
  Pieces pieces;
  for (std::size_t at = 0; at < line.size();) {
    while (at < line.size() && is_space(line[at])) ++at;
    const std::size_t begin = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    if (at > begin) ++pieces.count;
    pieces.longest = std::max(pieces.longest, at - begin);
  }
  return pieces;
}

bool ends_a_sentence(std::string_view line) {
  return !line.empty() && std::string_view(".?!\"'").find(line.back()) != std::string_view::npos &&
         !line.ends_with("...");
}

template <std::size_t N>
bool contains_any(std::string_view line, const std::array<std::string_view, N>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return contains_folded(line, phrase); });
}

bool is_notice(std::string_view line, const Pieces& pieces, bool only_notices) {
  const bool brief = pieces.count <= kNoticeWords;
  if (contains_folded(line, "javascript") &&
      (!only_notices || (brief && contains_any(line, kRequests)))) {
    return true;
  }
  // "We use cookies" names no cookie policy of a third party in a text about the web: a notice of a
  // page speaks in one short line.
  if ((!only_notices || pieces.count <= kNoticeWords / 2) && contains_any(line, kPolicies)) {
    return true;
  }
  return line.size() <= 3 * kChineseNoticeCharacters && contains_any(line, kChinesePolicies) &&
         count_code_points(line) <= kChineseNoticeCharacters;
}

}  // namespace

void c4_line_settings(C4LineOptions& options, SettingVisitor& v) {
  v.flag("enabled", options.enabled, "");
  v.flag("require_terminal_punctuation", options.require_terminal_punctuation,
         "drop lines that do not end a sentence; C4: true");
  v.count("min_words_per_line", options.min_words_per_line, "C4: 3");
  v.count("max_word_bytes", options.max_word_bytes, "a line with a longer word is dropped");
  v.count("min_sentences", options.min_sentences, "of the document; C4: 5");
  v.flag("drop_curly_bracket", options.drop_curly_bracket, "the document; C4: true");
  v.flag("drop_lorem_ipsum", options.drop_lorem_ipsum, "the document");
  v.flag("only_notices", options.only_notices,
         "drop lines about JavaScript and policies only where they ask for something; C4: false");
}

C4LineResult clean_c4_lines(std::string_view text, const C4LineOptions& options,
                            std::string& storage) {
  C4LineResult result;
  result.text = text;
  if (!options.enabled) return result;
  storage.clear();
  bool code = false;
  std::size_t kept_until = 0;  // of text, copied to storage
  std::size_t sentences = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trim_whitespace(text.substr(begin, end - begin));
    const std::size_t line_begin = begin;
    begin = std::min(end + 1, text.size());
    if (end == text.size()) begin = text.size();
    if (line.empty()) continue;
    if (line.starts_with("```")) {
      code = !code;
      continue;
    }
    if (options.drop_curly_bracket && line.find('{') != std::string_view::npos) {
      result.verdict = {false, "c4_lines.curly_bracket", 1, 0};
      return result;
    }
    if (code) continue;
    const Pieces pieces = white_space_pieces(line);
    if (options.drop_lorem_ipsum && contains_folded(line, "lorem ipsum")) {
      result.verdict = {false, "c4_lines.lorem_ipsum", 1, 0};
      return result;
    }
    const bool drop =
        pieces.count < options.min_words_per_line ||
        (pieces.longest > options.max_word_bytes && count_words(line) * 20 < line.size()) ||
        (options.require_terminal_punctuation && !ends_a_sentence(line)) ||
        is_notice(line, pieces, options.only_notices);
    if (!drop) {
      if (options.min_sentences > sentences) for_each_sentence(line, [&](auto) { ++sentences; });
      continue;
    }
    ++result.dropped_lines;
    storage.append(text.substr(kept_until, line_begin - kept_until));
    kept_until = begin;
  }
  if (result.dropped_lines > 0) {
    storage.append(text.substr(kept_until));
    result.text = trim_whitespace(storage);
  }
  if (sentences < options.min_sentences) {
    result.verdict = {false, "c4_lines.min_sentences", static_cast<double>(sentences),
                      static_cast<double>(options.min_sentences)};
  }
  return result;
}

}  // namespace pith
