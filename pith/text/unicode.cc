#include "pith/text/unicode.h"

#include <algorithm>
#include <span>

#include "pith/text/unicode_lower.h"
#include "pith/text/utf8.h"

namespace pith {

std::string_view script_name(Script script) {
  static constexpr std::array<std::string_view, kScriptCount> kNames = {
      "Common",    "Latin",      "Greek",     "Cyrillic", "Armenian", "Hebrew",
      "Arabic",    "Devanagari", "Bengali",   "Gurmukhi", "Gujarati", "Tamil",
      "Telugu",    "Kannada",    "Malayalam", "Sinhala",  "Thai",     "Lao",
      "Tibetan",   "Myanmar",    "Georgian",  "Hangul",   "Ethiopic", "Khmer",
      "Mongolian", "Hiragana",   "Katakana",  "Bopomofo", "Han",      "Other"};
  return kNames[static_cast<std::size_t>(script)];
}

Script script_of(char32_t code_point) {
  if (code_point > 0x10FFFF) return Script::kCommon;
  const std::size_t block = unicode_tables::kScriptBlockOf[code_point >> 7];
  return static_cast<Script>(unicode_tables::kScripts[block * 128 + (code_point & 127)]);
}

char32_t to_lower(char32_t code_point) {
  if (code_point < 0x80) {
    return code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
  }
  // Signs without case are most of the rest: Han, kana, Hangul.
  if (code_point >= 0x2E80 && code_point < 0xA640) return code_point;
  const std::span table(unicode_tables::kLower, unicode_tables::kLowerCount);
  const auto found = std::ranges::lower_bound(table, static_cast<std::uint32_t>(code_point), {},
                                              &unicode_tables::LowerPair::from);
  return found != table.end() && found->from == code_point ? char32_t{found->to} : code_point;
}

std::string lower_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x80) {
      out.push_back(static_cast<char>(to_lower(byte)));
      text.remove_prefix(1);
      continue;
    }
    const DecodedPoint point = decode_point(text);
    append_utf8(to_lower(point.code_point), out);
    text.remove_prefix(point.bytes);
  }
  return out;
}

}  // namespace pith
