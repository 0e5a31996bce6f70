#include "pith/text/utf8.h"

#include <cstring>

namespace pith {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ull;

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Where the run of ASCII at `at` ends.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  while (at + 8 <= text.size()) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & kHighBits) != 0) break;
    at += 8;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

// Bounds of the second byte after a first byte (table 3-7 of the standard) and the length; length 0
// for bytes that begin nothing.
struct Lead {
  std::uint32_t length;
  unsigned char low, high;
};
Lead lead_of(unsigned char first) {
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

DecodedPoint decode_point_beyond_ascii(std::string_view text) {
  if (text.empty()) return {};
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.length == 0) return {kReplacementCharacter, 1, false};
  char32_t value = first & (0x7Fu >> lead.length);
  for (std::uint32_t i = 1; i < lead.length; ++i) {
    if (i >= text.size()) return {kReplacementCharacter, i, false};
    const unsigned char byte = byte_at(text, i);
    const unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
    if (byte < low || byte > high) return {kReplacementCharacter, i, false};
    value = (value << 6) | (byte & 0x3Fu);
  }
  return {value, lead.length, true};
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (true) {
    at = skip_ascii(text, at);
    // Runs of three-byte signs (most of CJK) without the general decoder.
    while (at + 3 <= text.size() && byte_at(text, at) >= 0xE1 && byte_at(text, at) <= 0xEC &&
           (byte_at(text, at + 1) & 0xC0) == 0x80 && (byte_at(text, at + 2) & 0xC0) == 0x80) {
      at += 3;
    }
    if (at >= text.size()) return text.size();
    const DecodedPoint point = decode_point(text.substr(at));
    if (!point.valid) return at;
    at += point.bytes;
  }
}

bool valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t good = valid_utf8_prefix(text);
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    append_utf8(kReplacementCharacter, out);
    text.remove_prefix(decode_point(text).bytes);
  }
  return out;
}

std::string_view repair_utf8(std::string_view text, std::string& storage) {
  if (valid_utf8(text)) return text;
  storage = replace_invalid_utf8(text);
  return storage;
}

void append_utf8(char32_t code_point, std::string& out) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
    code_point = kReplacementCharacter;
  }
  const auto put = [&](char32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    // Bit 7 set and bit 6 clear marks a byte that continues a sequence.
    const std::uint64_t continuing = (word & kHighBits) & ~((word << 1) & kHighBits);
    count += 8 - static_cast<std::size_t>(__builtin_popcountll(continuing));
  }
  for (; at < text.size(); ++at) count += (byte_at(text, at) & 0xC0) != 0x80;
  return count;
}

std::size_t incomplete_utf8_suffix(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const unsigned char byte = byte_at(text, text.size() - back);
    if ((byte & 0xC0) == 0x80) continue;
    const std::string_view tail = text.substr(text.size() - back);
    // Incomplete: the sequence breaks off at the end of the text and nowhere before.
    const DecodedPoint point = decode_point(tail);
    const bool breaks_off = !point.valid && point.bytes == back && lead_of(byte).length > back;
    return breaks_off ? back : 0;
  }
  return 0;
}

}  // namespace pith
