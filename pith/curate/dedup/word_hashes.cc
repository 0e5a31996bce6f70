#include "pith/curate/dedup/word_hashes.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <string>

#include "pith/curate/dedup/simplified_signs.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/curate/dedup/word_hashes.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef PITH_WORD_HASHES_TABLES  // what is the same for every target
#define PITH_WORD_HASHES_TABLES
namespace pith {
namespace {

static_assert(std::endian::native == std::endian::little, "words are hashed as they lie in memory");

constexpr std::uint64_t kLengthFactor = 0x9e3779b97f4a7c15ull;
constexpr std::uint64_t kFactor = 0xd6e8feb86659fd93ull;
constexpr std::size_t kBlock = 64;      // bytes that are looked at together
constexpr std::size_t kShortWord = 16;  // bytes of a word that is hashed where it lies

// The hash of folded bytes takes eight at a time; the last chunk is filled up with zeros.
std::uint64_t begin_hash(std::size_t bytes) { return bytes * kLengthFactor; }
std::uint64_t add_chunk(std::uint64_t hash, std::uint64_t chunk) {
  hash = (hash ^ chunk) * kFactor;
  return hash ^ (hash >> 32);
}

std::uint64_t hash_bytes(std::string_view folded) {
  std::uint64_t hash = begin_hash(folded.size());
  for (std::size_t at = 0; at < folded.size(); at += 8) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, folded.data() + at, std::min<std::size_t>(8, folded.size() - at));
    hash = add_chunk(hash, chunk);
  }
  return hash;
}

char32_t fold(char32_t c) {
  if (c == 0x2019) return '\'';
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full width
  return simplified_sign(to_lower(c));
}

// The hash of a word, by the tables; `folded` is scratch.
std::uint64_t hash_word(std::string_view word, std::string& folded) {
  folded.clear();
  for (std::size_t at = 0; at < word.size();) {
    const DecodedPoint point = decode_point(word.substr(at));
    append_utf8(fold(point.code_point), folded);
    at += point.bytes;
  }
  return hash_bytes(folded);
}

std::uint64_t load_chunk(const char* text) {
  std::uint64_t chunk;
  std::memcpy(&chunk, text, 8);
  return chunk;
}

// The hash of an ASCII word of 1 to 16 letters and digits with 16 readable bytes. In all of these
// setting bit 5 gives lower case and changes nothing else.
std::uint64_t hash_short_ascii(const char* word, std::size_t length) {
  constexpr std::uint64_t kLower = 0x2020202020202020ull;
  const std::uint64_t first = load_chunk(word) | kLower;
  const std::uint64_t hash = begin_hash(length);
  if (length <= 8) return add_chunk(hash, first & (~0ull >> (64 - 8 * length)));
  const std::uint64_t second = load_chunk(word + 8) | kLower;
  return add_chunk(add_chunk(hash, first), second & (~0ull >> (128 - 8 * length)));
}

// A Han sign of three bytes, U+4E00 to U+9FFF, of valid UTF-8.
bool is_common_han(const char* text) {
  const auto byte = [&](int i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0xE4 || byte(0) > 0xE9) return false;
  if ((byte(1) & 0xC0) != 0x80 || (byte(2) & 0xC0) != 0x80) return false;
  return byte(0) != 0xE4 || byte(1) >= 0xB8;
}

std::uint64_t hash_common_han(const char* text) {
  const char32_t c = simplified_sign(decode_valid_point(text).code_point);
  const std::uint64_t bytes =
      (0xE0u | c >> 12) | (0x80u | (c >> 6 & 0x3F)) << 8 | (0x80u | (c & 0x3F)) << 16;
  return add_chunk(begin_hash(3), bytes);
}

// Whether a byte surely belongs to no word.
bool separates(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return byte < 0x80 && byte != '\'' && !letter && !(byte >= '0' && byte <= '9');
}

// Whether a mark may stand at `text`: only ASCII and common Han signs surely are none.
bool may_be_mark(const char* text) {
  return static_cast<unsigned char>(*text) >= 0x80 && !is_common_han(text);
}

}  // namespace
}  // namespace pith
#endif  // PITH_WORD_HASHES_TABLES

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;  // NOLINT(misc-unused-alias-decls): not by every target

// Of the kBlock bytes at `text`, a bit each: ASCII letters and digits, and bytes beyond ASCII.
struct ByteKinds {
  std::uint64_t word = 0, beyond = 0;
};

HWY_INLINE ByteKinds byte_kinds(const char* text) {
  ByteKinds kinds;
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool ascii = static_cast<unsigned char>(text[i]) < 0x80;
    kinds.word |= std::uint64_t{ascii && text[i] != '\'' && !separates(text[i])} << i;
    kinds.beyond |= std::uint64_t{!ascii} << i;
  }
#else
  const hn::CappedTag<std::uint8_t, kBlock> d;
  const std::size_t lanes = hn::Lanes(d);
  auto* const word = reinterpret_cast<std::uint8_t*>(&kinds.word);
  auto* const beyond = reinterpret_cast<std::uint8_t*>(&kinds.beyond);
  for (std::size_t i = 0; i < kBlock; i += lanes) {
    const auto bytes = hn::LoadU(d, reinterpret_cast<const std::uint8_t*>(text) + i);
    const auto below = [&](auto offset, std::uint8_t count) HWY_ATTR {
      return hn::Eq(hn::Min(offset, hn::Set(d, static_cast<std::uint8_t>(count - 1))), offset);
    };
    const auto lower = hn::Or(bytes, hn::Set(d, 0x20));
    const auto letter = below(hn::Sub(lower, hn::Set(d, 'a')), 26);
    const auto digit = below(hn::Sub(bytes, hn::Set(d, '0')), 10);
    std::uint8_t bits[8];
    hn::StoreMaskBits(d, hn::Or(letter, digit), bits);
    std::memcpy(word + i / 8, bits, lanes / 8);
    hn::StoreMaskBits(d, hn::Ne(hn::And(bytes, hn::Set(d, 0x80)), hn::Zero(d)), bits);
    std::memcpy(beyond + i / 8, bits, lanes / 8);
  }
#endif
  return kinds;
}

void WordHashes(std::string_view text, std::vector<std::uint64_t>& out) {
  out.clear();
  std::string folded;
  const char* const data = text.data();
  std::size_t at = 0;
  // What begins at `at` up to a place where surely no word goes on: ASCII that is no letter, digit
  // or apostrophe, or a Han sign.
  const auto by_tables = [&] {
    std::size_t end = at + 1;
    while (end < text.size() && !separates(data[end]) &&
           !(end + 3 <= text.size() && is_common_han(data + end))) {
      ++end;
    }
    for_each_word(text.substr(at, end - at),
                  [&](std::string_view word) { out.push_back(hash_word(word, folded)); });
    at = end;
  };
  // A byte beyond ASCII is at `at`.
  const auto beyond_ascii = [&] {
    if (at + 8 <= text.size() && is_common_han(data + at) && !may_be_mark(data + at + 3)) {
      out.push_back(hash_common_han(data + at));
      at += 3;
      return;
    }
    const DecodedPoint point = decode_point(text.substr(at));
    if (is_letter(point.code_point) || is_number(point.code_point)) {
      by_tables();
    } else {
      at += point.bytes;
    }
  };
  while (at + kBlock + kShortWord + 4 <= text.size()) {
    if (static_cast<unsigned char>(data[at]) >= 0x80) {
      beyond_ascii();
      continue;
    }
    const ByteKinds kinds = byte_kinds(data + at);
    const std::uint64_t any = kinds.word | kinds.beyond;
    // Word after word of the block, up to one that needs the tables or does not end in it.
    unsigned place = 0;
    for (;;) {
      if (place >= kBlock || any >> place == 0) {
        at += kBlock;
        break;
      }
      place += static_cast<unsigned>(std::countr_zero(any >> place));
      if (kinds.beyond >> place & 1) {
        at += place;
        break;
      }
      const auto length = static_cast<unsigned>(std::countr_one(kinds.word >> place));
      const char* const next = data + at + place + length;
      if (place + length >= kBlock && place > 0) {
        at += place;
        break;
      }
      if (length > kShortWord || *next == '\'' ||
          (static_cast<unsigned char>(*next) >= 0x80 && !is_common_han(next))) {
        at += place;
        by_tables();
        break;
      }
      out.push_back(hash_short_ascii(data + at + place, length));
      place += length;
    }
  }
  if (at < text.size()) {
    for_each_word(text.substr(at),
                  [&](std::string_view word) { out.push_back(hash_word(word, folded)); });
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(WordHashes);

void word_hashes(std::string_view text, std::vector<std::uint64_t>& out) {
  HWY_DYNAMIC_DISPATCH(WordHashes)(text, out);
}

void word_hashes_ref(std::string_view text, std::vector<std::uint64_t>& out) {
  out.clear();
  std::string folded;
  for (const std::string_view word : split_words(text)) out.push_back(hash_word(word, folded));
}

}  // namespace pith
#endif  // HWY_ONCE
