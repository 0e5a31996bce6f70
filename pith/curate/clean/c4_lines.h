#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pith/curate/clean/filter.h"

namespace pith {

// The line rules of C4 (Raffel et al. 2020, and c4_utils.py for what the paper leaves out). The
// defaults are made for pages with headings, lists and code: FineWeb's choice (no terminal
// punctuation) and, beyond it, headings and short list items stay, a brace does not condemn a page
// about programming, and "javascript" and policy words drop only lines that are notices. Lines
// inside code fences are left alone. `original()` is C4 as published.
struct C4LineOptions {
  bool enabled = true;  // false: every text is returned as it is
  bool require_terminal_punctuation = false;
  std::size_t min_words_per_line = 0;  // C4: 3
  std::size_t max_word_bytes = 1000;  // C4: characters; longer words have no spaces because of junk
  std::size_t min_sentences = 0;      // C4: 5
  bool drop_curly_bracket = false;    // C4: the whole document
  bool drop_lorem_ipsum = true;       // the whole document
  bool only_notices = true;           // javascript and policy rules drop only short lines that ask

  static C4LineOptions original() { return {true, true, 3, 1000, 5, true, true, false}; }
};

// Names the options to `visitor`.
void c4_line_settings(C4LineOptions& options, SettingVisitor& visitor);

struct C4LineResult {
  FilterVerdict verdict;
  std::string_view text;  // the text given, or `storage` when lines were dropped
  std::size_t dropped_lines = 0;
};

// Drops lines, and documents. `text` is valid UTF-8. Chinese notices (隐私政策, 请启用JavaScript,
// ...) count too. A text that loses no line is returned as it is. Pure but for `storage`.
C4LineResult clean_c4_lines(std::string_view text, const C4LineOptions& options,
                            std::string& storage);

}  // namespace pith
