#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/classify/language.h"

// Which languages a document of several is written in, paragraph by paragraph.
namespace pith {

struct LanguageShare {
  std::string_view code;
  double share = 0;  // of the bytes that were read, 0..1
};

// The languages that hold at least a tenth of `utf8`, the greatest share first; only `main` (what
// identify_language says of the whole) where no second one does. Lines are joined to pieces of at
// least 160 bytes, of which 20 at most are read, spread over the text, 256 bytes of each; a piece
// whose language is in doubt counts for the main one. Pure; any thread.
std::vector<LanguageShare> mixed_languages(std::string_view utf8, Language main);

// "en 0.71, zh-Hans 0.29"; empty for one language.
std::string format_languages(const std::vector<LanguageShare>& shares);

}  // namespace pith
