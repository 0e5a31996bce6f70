#pragma once

#include <string_view>

// How hard a text is to read, as a number that is like a school grade. English: Flesch-Kincaid's
// grade, of sentence length and syllables a word. Chinese: a measure of pith's own, of sentence
// length and the share of signs that neither GB 2312 nor Big5 counts as common. The two scales
// cannot be compared. docs/classification.md says how well they order texts.
namespace pith {

// 0 to 30, in hundredths; 0 when there is too little to tell or for a language without a measure.
// `language` is a code of classify/language.h. Lines that are no sentences (menus, code, tables)
// are passed over; at most the first 64 KiB are read. Pure; any thread.
double reading_level(std::string_view text, std::string_view language);

// Syllables of an English word of lower-case or upper-case ASCII letters, by its groups of vowels.
int count_syllables(std::string_view word);

}  // namespace pith
