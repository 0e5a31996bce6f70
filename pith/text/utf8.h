#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8 as the Unicode standard defines it (no surrogates, no overlong forms, at most U+10FFFF).
// All functions are pure and may be called from any thread.
namespace pith {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// One code point and how many bytes of the text it took.
struct DecodedPoint {
  char32_t code_point = 0;
  std::uint32_t bytes = 0;  // 0 only when there was no text
  bool valid = true;        // false: the bytes were ill-formed and stand for U+FFFD
};

// The code point at the front of `text`. Ill-formed bytes give U+FFFD for each maximal subpart
// (Unicode 16, section 3.9, table 3-11), the same places as Python's errors="replace" and WHATWG.
DecodedPoint decode_point_beyond_ascii(std::string_view text);  // of any text, the slow way
inline DecodedPoint decode_point(std::string_view text) {
  if (!text.empty() && static_cast<unsigned char>(text[0]) < 0x80) {
    return {static_cast<unsigned char>(text[0]), 1, true};
  }
  return decode_point_beyond_ascii(text);
}

// The same for text known to be valid and not empty (after valid_utf8 or repair_utf8): no checks.
inline DecodedPoint decode_valid_point(const char* text) {
  const auto byte = [&](int i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  if (first < 0xE0) return {((first & 0x1F) << 6) | (byte(1) & 0x3F), 2, true};
  if (first < 0xF0) {
    return {((first & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3, true};
  }
  return {((first & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) |
              (byte(3) & 0x3F),
          4, true};
}

bool valid_utf8(std::string_view text);

// Bytes at the front of `text` that are valid UTF-8; text.size() when all are.
std::size_t valid_utf8_prefix(std::string_view text);

// `text` with every ill-formed sequence replaced by U+FFFD, as bytes.decode("utf-8", "replace").
std::string replace_invalid_utf8(std::string_view text);

// `text` itself when valid, else its repaired copy, kept in `storage`.
std::string_view repair_utf8(std::string_view text, std::string& storage);

// Appends `code_point` (a scalar value; anything else is written as U+FFFD).
void append_utf8(char32_t code_point, std::string& out);

// Code points in valid UTF-8 (in other text: bytes that do not continue a sequence).
std::size_t count_code_points(std::string_view text);

// Bytes at the end of `text` that begin a sequence which more bytes could still complete, 0 to 3:
// what a streaming reader holds back.
std::size_t incomplete_utf8_suffix(std::string_view text);

// The byte length of the sequence that a first byte announces in valid UTF-8, 1 to 4.
inline std::size_t utf8_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace pith
