#pragma once

#include <span>
#include <string_view>

// Which language a document is written in. Script statistics decide where a script belongs to one
// language (Hangul, Greek, Thai, ...) and between simplified and traditional Chinese; a linear
// model over hashed n-grams of letters (language_features.h) decides among languages that share
// Latin, Cyrillic, Arabic, Devanagari, Hebrew, Bengali or Ethiopic. Method, training text and
// accuracy: docs/language-identification.md.
namespace pith {

struct Language {
  // BCP 47: "en", "de", "zh-Hans", "zh-Hant", ...; "und" when there is too little to tell,
  // and for program text, keys and part numbers.
  // Static storage.
  std::string_view code = "und";
  // 0..1, 0 for "und": the probability among the languages of its script times the script's share
  // of the letters; less for under 20 letters, and what would be under 0.2 is "und".
  float score = 0;
};

// The language most of `utf8` is written in. Ill-formed bytes are skipped. Of long texts only 16
// pieces, spread over the whole, are read (32 KiB in all). Pure; any thread.
Language identify_language(std::string_view utf8);
Language identify_language_ref(std::string_view utf8);  // the same, level by level

// Every code that identify_language may give, "und" not included, sorted.
std::span<const std::string_view> known_languages();

}  // namespace pith
