#include "pith/curate/spam/spam_tokens.h"

#include <array>

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

enum class Byte : std::uint8_t { kMark, kLower, kUpper, kDigit, kSpace, kNewline, kEnd, kComma };

constexpr std::array<Byte, 128> kBytes = [] {
  std::array<Byte, 128> kinds{};
  for (std::size_t c = 0; c <= ' '; ++c) kinds[c] = Byte::kSpace;
  for (std::size_t c = 'a'; c <= 'z'; ++c) kinds[c] = Byte::kLower;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = Byte::kUpper;
  for (std::size_t c = '0'; c <= '9'; ++c) kinds[c] = Byte::kDigit;
  for (const unsigned char c : {'.', '!', '?', ';'}) kinds[c] = Byte::kEnd;
  for (const unsigned char c : {',', ':'}) kinds[c] = Byte::kComma;
  kinds['\n'] = Byte::kNewline;
  return kinds;
}();

bool ends_sentence(char32_t c) {
  return c == U'。' || c == U'！' || c == U'？' || c == U'；' || c == U'…';
}
bool is_comma(char32_t c) { return c == U'，' || c == U'、' || c == U'：'; }

}  // namespace

void append_spam_tokens(std::string_view text, std::vector<SpamToken>& tokens) {
  const char* const data = text.data();
  const std::size_t size = text.size();
  const auto add = [&](std::size_t begin, std::size_t end, std::uint32_t hash, SpamTokenKind kind) {
    tokens.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), hash, kind});
  };
  for (std::size_t at = 0; at < size;) {
    const auto first = static_cast<unsigned char>(data[at]);
    DecodedPoint point;
    if (first < 0x80) {
      const Byte kind = kBytes[first];
      switch (kind) {
        case Byte::kSpace:
          ++at;
          continue;
        case Byte::kNewline: {
          const bool again = !tokens.empty() && tokens.back().hash == spam_hash::kNewline &&
                             tokens.back().kind == SpamTokenKind::kStop;
          if (again) {
            tokens.back().end = static_cast<std::uint32_t>(at + 1);
          } else {
            add(at, at + 1, spam_hash::kNewline, SpamTokenKind::kStop);
          }
          ++at;
          continue;
        }
        case Byte::kEnd:
          add(at, at + 1, spam_hash::kSentenceEnd, SpamTokenKind::kStop), ++at;
          continue;
        case Byte::kComma:
          add(at, at + 1, spam_hash::kComma, SpamTokenKind::kStop), ++at;
          continue;
        case Byte::kMark:
          add(at, at + 1, first, SpamTokenKind::kBreak), ++at;
          continue;
        default:
          break;
      }
    } else {
      point = decode_valid_point(data + at);
      const char32_t c = point.code_point;
      const std::uint8_t classes = code_point_classes(c);
      if ((classes & kIdeographClass) != 0) {
        add(at, at + point.bytes, static_cast<std::uint32_t>(c), SpamTokenKind::kSign);
        at += point.bytes;
        continue;
      }
      if ((classes & (kLetterClass | kNumberClass | kMarkClass)) == 0) {
        if ((classes & kWhitespaceClass) == 0) {
          const bool end = ends_sentence(c), comma = is_comma(c);
          add(at, at + point.bytes,
              end     ? spam_hash::kSentenceEnd
              : comma ? spam_hash::kComma
                      : static_cast<std::uint32_t>(c),
              end || comma ? SpamTokenKind::kStop : SpamTokenKind::kBreak);
        }
        at += point.bytes;
        continue;
      }
    }
    // A word: FNV-1a of its bytes, ASCII in lower case.
    const std::size_t begin = at;
    std::uint32_t hash = 0x811C9DC5;
    bool digits = true;
    Byte before = Byte::kMark;
    while (at < size) {
      const auto byte = static_cast<unsigned char>(data[at]);
      if (byte < 0x80) {
        const Byte kind = kBytes[byte];
        if (kind != Byte::kLower && kind != Byte::kUpper && kind != Byte::kDigit) break;
        if (kind == Byte::kUpper && before == Byte::kLower) break;
        digits &= kind == Byte::kDigit;
        hash = (hash ^ (kind == Byte::kUpper ? byte | 0x20U : byte)) * 0x01000193U;
        before = kind;
        ++at;
        continue;
      }
      point = decode_valid_point(data + at);
      const std::uint8_t classes = code_point_classes(point.code_point);
      if ((classes & kIdeographClass) != 0 ||
          (classes & (kLetterClass | kNumberClass | kMarkClass)) == 0) {
        break;
      }
      for (std::uint32_t i = 0; i < point.bytes; ++i) {
        hash = (hash ^ static_cast<unsigned char>(data[at + i])) * 0x01000193U;
      }
      digits = false;
      before = Byte::kLower;
      at += point.bytes;
    }
    add(begin, at, digits ? spam_hash::kNumber : hash | 0x80000000U, SpamTokenKind::kWord);
  }
}

}  // namespace pith
