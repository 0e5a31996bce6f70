#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pith/curate/clean/filter.h"
#include "pith/curate/clean/filter_checks.h"
#include "pith/curate/clean/text_features.h"
#include "pith/text/utf8.h"

// Texts of a given shape, and what a filter says of them: for the tests of the filters.
namespace pith {

struct Checked {
  std::string reason;  // "" when kept
  double value = 0, threshold = 0;
};

inline Checked check_text(const Filter& filter, std::string_view text,
                          std::string_view language = "en") {
  TextFeatures features;
  features.analyze(text, language);
  FilterChecks checks;
  filter.check(features, checks);
  const FilterVerdict& verdict = checks.verdict();
  return {std::string(verdict.reason), verdict.value, verdict.threshold};
}
inline std::string reason_of(const Filter& filter, std::string_view text,
                             std::string_view language = "en") {
  return check_text(filter, text, language).reason;
}

inline std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// `count` different Chinese signs, from the `first`-th of a fixed list on.
inline std::string signs(std::size_t count, std::size_t first = 0) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    append_utf8(static_cast<char32_t>(0x5000 + first + i), out);
  return out;
}

// Lines of `words` words each, no two alike, the ends given by `end(line)`.
template <class End>
std::string numbered_lines(std::size_t lines, std::size_t words, const End& end) {
  std::string out;
  for (std::size_t line = 0; line < lines; ++line) {
    for (std::size_t word = 0; word < words; ++word) {
      if (word > 0) out += ' ';
      out += "word" + std::to_string(line * words + word);
    }
    out += end(line);
    out += '\n';
  }
  return out;
}

}  // namespace pith
