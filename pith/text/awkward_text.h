#pragma once

#include <cstddef>
#include <string>

#include "pith/base/random.h"
#include "pith/text/utf8.h"

// Text for the tests of this folder: what pre-tokenizers, UTF-8 and cuts get wrong.
namespace pith {

// `length` characters, or runs of one, of every class and byte length, with the apostrophes of
// contractions, white space beyond ASCII, marks and emoji. Valid UTF-8.
inline std::string awkward_text(Random& random, std::size_t length) {
  static constexpr const char* kPieces[] = {
      "a",      "b",      "S",      "t",      "re",      "'s",         "'LL",          "'",
      "e",      " ",      "  ",     "\n",     "\r\n",    "\t",         "\v",           "\xC2\xA0",
      "\u3000", "\u2028", "\u0085", "\u200B", "0",       "12345",      "\u0663",       "\u00BD",
      ".",      "!?",     "-",      "\u3002", "\uFF0C",  "\u4E2D",     "\u6587\u5B57", "\u0301",
      "\u00E9", "\u017F", "\u0130", "\u1E9E", "<|end|>", "\U0001F600", "\U00020000",   "\U0001D7D9",
      "\x01",   "_",      "\u0E01", "\u0E31", "\uAC00",  "\u1100",     "\uFFFD",       "the"};
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    const char* piece = kPieces[random.below(std::size(kPieces))];
    for (std::size_t n = random.below(8) == 0 ? 1 + random.below(5) : 1; n > 0; --n) text += piece;
  }
  return text;
}

// Bytes that are mostly no UTF-8: sequences cut short, bytes out of place, surrogates.
inline std::string broken_text(Random& random, std::size_t length) {
  static constexpr const char* kPieces[] = {
      "a",        " ",        "\n",           "\x80",         "\xC3",     "\xC0\x80",
      "\xE4",     "\xE4\xB8", "\xE4\xB8\xAD", "\xED\xA0\x80", "\xF0\x9F", "\xF0\x9F\x98",
      "\xF4\x90", "\xFF",     "\u4E2D"};
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += kPieces[random.below(std::size(kPieces))];
  return text;
}

}  // namespace pith
