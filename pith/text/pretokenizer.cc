#include "pith/text/pretokenizer.h"

#include <array>

#include "pith/base/check.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

// What the patterns tell apart.
enum Kind : std::uint8_t { kOther, kLetter, kNumber, kSpace };

Kind kind_of_classes(std::uint8_t classes) {
  if (classes & kLetterClass) return kLetter;
  if (classes & kNumberClass) return kNumber;
  return classes & kWhitespaceClass ? kSpace : kOther;
}

constexpr std::array<Kind, 128> ascii_kinds() {
  std::array<Kind, 128> kinds{};
  for (char c = 'a'; c <= 'z'; ++c) {
    kinds[static_cast<unsigned char>(c)] = kinds[static_cast<unsigned char>(c - 32)] = kLetter;
  }
  for (char c = '0'; c <= '9'; ++c) kinds[static_cast<unsigned char>(c)] = kNumber;
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r'})
    kinds[static_cast<unsigned char>(c)] = kSpace;
  return kinds;
}
constexpr std::array<Kind, 128> kAsciiKinds = ascii_kinds();

// Walks valid UTF-8.
struct Cursor {
  const char* at;
  const char* end;

  bool more() const { return at != end; }
  // The kind of the character here and its length.
  Kind kind(std::size_t& length) const {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x80) {
      length = 1;
      return kAsciiKinds[byte];
    }
    const DecodedPoint point = decode_valid_point(at);
    length = point.bytes;
    return kind_of_classes(code_point_classes(point.code_point));
  }
  // Moves over a run of `wanted`, at most `most` characters.
  void skip(Kind wanted, std::size_t most = static_cast<std::size_t>(-1)) {
    for (std::size_t length = 0; most > 0 && more() && kind(length) == wanted; --most) at += length;
  }
  void skip_newlines() {
    while (more() && (*at == '\r' || *at == '\n')) ++at;
  }
};

// The length of 's 't 're 've 'm 'll 'd at `at`, which holds an apostrophe, else 0.
std::size_t contraction(const char* at, const char* end, bool ignore_case) {
  const auto letter = [&](std::ptrdiff_t i) -> char {
    if (end - at <= i) return '\0';
    const char c = at[i];
    return ignore_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  };
  const char first = letter(1), second = letter(2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  if ((first == 'r' || first == 'v') && second == 'e') return 3;
  if (first == 'l' && second == 'l') return 3;
  // U+017F, the long s, folds to s.
  if (ignore_case && first == '\xC5' && second == '\xBF') return 3;
  return 0;
}

// A run of white space at `cursor`: \s*[\r\n]+ when `newlines_apart` and it holds a newline, else
// \s+(?!\S), else \s+.
std::size_t white_space(const Cursor start, bool newlines_apart) {
  const char* after_newline = nullptr;
  const char* last = start.at;
  Cursor cursor = start;
  std::size_t length = 0;
  while (cursor.more() && cursor.kind(length) == kSpace) {
    last = cursor.at;
    if (*cursor.at == '\r' || *cursor.at == '\n') after_newline = cursor.at + 1;
    cursor.at += length;
  }
  if (newlines_apart && after_newline != nullptr) {
    return static_cast<std::size_t>(after_newline - start.at);
  }
  const char* stop = cursor.more() && last != start.at ? last : cursor.at;
  return static_cast<std::size_t>(stop - start.at);
}

std::size_t next_split(std::string_view text, std::size_t most_digits) {
  Cursor cursor{text.data(), text.data() + text.size()};
  const auto length_so_far = [&] { return static_cast<std::size_t>(cursor.at - text.data()); };
  const char first = *cursor.at;
  if (first == '\'') {
    if (const std::size_t length = contraction(cursor.at, cursor.end, true)) return length;
  }
  std::size_t length = 0;
  const Kind kind = cursor.kind(length);
  if (kind == kLetter) {  // \p{L}+
    cursor.at += length;
    cursor.skip(kLetter);
    return length_so_far();
  }
  if (kind == kNumber) {  // \p{N}{1,3}
    cursor.skip(kNumber, most_digits);
    return length_so_far();
  }
  const Cursor second{cursor.at + length, cursor.end};
  std::size_t second_length = 0;
  const Kind second_kind = second.more() ? second.kind(second_length) : kSpace;
  if (first != '\r' && first != '\n' && second_kind == kLetter) {  // [^\r\n\p{L}\p{N}]\p{L}+
    cursor.at += length + second_length;
    cursor.skip(kLetter);
    return length_so_far();
  }
  if (kind == kOther || (first == ' ' && second_kind == kOther)) {  //  ?[^\s\p{L}\p{N}]+[\r\n]*
    cursor.at += length;
    cursor.skip(kOther);
    cursor.skip_newlines();
    return length_so_far();
  }
  return white_space(cursor, true);
}

}  // namespace

std::string_view pretokenizer_pattern(PretokenizerKind kind) {
  switch (kind) {
    case PretokenizerKind::kGpt4:
      return R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
    case PretokenizerKind::kGpt2:
      return R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
    case PretokenizerKind::kQwen2:
      return R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  }
  PITH_CHECK(false, "a pre-tokenizer kind without a pattern");
  return {};
}

std::size_t next_pretoken_gpt4(std::string_view text) { return next_split(text, 3); }
std::size_t next_pretoken_qwen2(std::string_view text) { return next_split(text, 1); }

std::size_t next_pretoken_gpt2(std::string_view text) {
  Cursor cursor{text.data(), text.data() + text.size()};
  if (*cursor.at == '\'') {
    if (const std::size_t length = contraction(cursor.at, cursor.end, false)) return length;
  }
  std::size_t length = 0;
  Kind kind = cursor.kind(length);
  if (kind == kSpace) {
    const Cursor second{cursor.at + 1, cursor.end};
    if (*cursor.at != ' ' || !second.more()) return white_space(cursor, false);
    kind = second.kind(length);
    if (kind == kSpace) return white_space(cursor, false);
    ++cursor.at;
  }
  cursor.skip(kind);  //  ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+
  return static_cast<std::size_t>(cursor.at - text.data());
}

}  // namespace pith
