#include "pith/curate/classify/reading_level.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "pith/text/utf8.h"

namespace pith {
namespace {

constexpr std::string_view kCommonSigns =
#include "pith/curate/classify/common_signs.inc"
    ;
constexpr char32_t kFirstSign = 0x4E00, kLastSign = 0x9FFF;
static_assert(kCommonSigns.size() == (kLastSign - kFirstSign + 1) / 4);

constexpr std::size_t kReadBytes = 64 << 10;
constexpr double kLeastWords = 30, kLeastSigns = 40, kHighest = 30;
constexpr double kSentencesHalfSure = 8;  // after so many a level is believed by half
// A longer stretch without a full stop is a list or a table.
constexpr double kLongestSentence = 120, kShortestSentence = 3;

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_vowel(char c) {
  return std::string_view("aeiouy").find(lower(c)) != std::string_view::npos;
}

bool is_common(char32_t sign) {
  const char digit = kCommonSigns[(sign - kFirstSign) / 4];
  const int bits = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return ((bits >> (sign & 3)) & 1) != 0;
}

// Adds up sentences as they end; what is no sentence is left out.
struct Sums {
  double sentences = 0, units = 0, weight = 0;  // weight: syllables, or rare signs
  double open_units = 0, open_weight = 0, all_units = 0;
  void close(bool stopped) {
    all_units += open_units;
    if (stopped && open_units >= kShortestSentence && open_units <= kLongestSentence) {
      sentences += 1, units += open_units, weight += open_weight;
    }
    open_units = open_weight = 0;
  }
};

ReadingLevel level_of(double level, const Sums& sums) {
  const double share = sums.units / sums.all_units;
  const double score = share * sums.sentences / (sums.sentences + kSentencesHalfSure);
  return {std::clamp(std::round(level * 100) / 100, 0.1, kHighest),
          std::round(score * 1000) / 1000};
}

ReadingLevel english_level(std::string_view text) {
  Sums sums;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_letter(c)) {
      const std::size_t begin = at;
      while (at < text.size() && (is_letter(text[at]) || text[at] == '\'')) ++at;
      sums.open_units += 1;
      sums.open_weight += count_syllables(text.substr(begin, at - begin));
      continue;
    }
    ++at;
    if (c == '\n') {
      sums.close(false);
    } else if (c == '.' || c == '!' || c == '?') {
      // "3.5" and "example.org" go on.
      if (at == text.size() || !(is_letter(text[at]) || (text[at] >= '0' && text[at] <= '9'))) {
        sums.close(true);
      }
    }
  }
  sums.close(false);
  if (sums.units < kLeastWords) return {};
  return level_of(0.39 * sums.units / sums.sentences + 11.8 * sums.weight / sums.units - 15.59,
                  sums);
}

ReadingLevel chinese_level(std::string_view text) {
  Sums sums;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedPoint point = decode_point(text.substr(at));
    at += point.bytes;
    const char32_t c = point.code_point;
    if (c >= kFirstSign && c <= kLastSign) {
      sums.open_units += 1;
      sums.open_weight += !is_common(c);
    } else if (c == U'\n') {
      sums.close(false);
    } else if (c == U'。' || c == U'！' || c == U'？' || c == U'；') {
      sums.close(true);
    }
  }
  if (sums.units < kLeastSigns) return {};
  return level_of(0.25 * sums.units / sums.sentences + 200 * sums.weight / sums.units, sums);
}

}  // namespace

int count_syllables(std::string_view word) {
  int groups = 0;
  bool before = false;
  for (const char c : word) {
    const bool vowel = is_vowel(c);
    groups += vowel && !before;
    before = vowel;
  }
  // A silent e, but for "table"; and "walked" has one less than its groups, "wanted" has not.
  const std::size_t n = word.size();
  if (n > 2 && groups > 1) {
    const char last = lower(word[n - 1]), one = lower(word[n - 2]), two = lower(word[n - 3]);
    const bool silent_e = last == 'e' && !is_vowel(one) && !(one == 'l' && !is_vowel(two));
    const bool silent_ed = last == 'd' && one == 'e' && two != 't' && two != 'd' && !is_vowel(two);
    if (silent_e || silent_ed) --groups;
  }
  return std::max(groups, 1);
}

ReadingLevel reading_level(std::string_view text, std::string_view language) {
  text = text.substr(0, kReadBytes);
  if (language == "en") return english_level(text);
  if (language.starts_with("zh")) return chinese_level(text);
  return {};
}

}  // namespace pith
