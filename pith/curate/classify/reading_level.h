#pragma once

#include <string_view>

// How hard a text is to read, as a number that is like a school grade. English: Flesch-Kincaid's
// grade, of sentence length and syllables a word. Chinese: a measure of pith's own, of sentence
// length and the share of signs that neither GB 2312 nor Big5 counts as common. The two scales
// cannot be compared. docs/classification.md says how well they order texts.
namespace pith {

struct ReadingLevel {
  double level =
      0;  // 0 to 30, in hundredths; 0: too little to tell, or a language without a measure
  // 0 to 1, in thousandths, on how much of the text the level stands: the share of its words that
  // are in whole sentences, times n / (n + 8) for n sentences. 0 when the level is.
  double score = 0;
};

// `language` is a code of classify/language.h. Lines that are no sentences (menus, code, tables)
// are passed over; at most the first 64 KiB are read. Pure; any thread.
ReadingLevel reading_level(std::string_view text, std::string_view language);

// Syllables of an English word of lower-case or upper-case ASCII letters, by its groups of vowels.
int count_syllables(std::string_view word);

}  // namespace pith
