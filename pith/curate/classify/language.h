#pragma once

#include <span>
#include <string_view>

// Which language a document is written in. Script statistics decide where a script belongs to one
// language (Hangul, Greek, Thai, ...) and between simplified and traditional Chinese; a linear
// model over hashed byte n-grams decides among languages that share Latin, Cyrillic, Arabic or
// Devanagari. Method, training text and accuracy: docs/language-identification.md.
namespace pith {

struct Language {
  // BCP 47: "en", "de", "zh-Hans", "zh-Hant", ...; "und" when there is too little to tell.
  // Static storage.
  std::string_view code = "und";
  float score = 0;  // 0..1, the share of evidence behind `code`; 0 for "und"
};

// The language most of `utf8` is written in. Ill-formed bytes are skipped. Of long texts only 16
// pieces, spread over the whole, are read (32 KiB in all). Pure; any thread.
Language identify_language(std::string_view utf8);

// Every code that identify_language may give, "und" not included, sorted.
std::span<const std::string_view> known_languages();

}  // namespace pith
