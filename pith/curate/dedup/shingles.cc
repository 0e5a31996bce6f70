#include "pith/curate/dedup/shingles.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <string>

#include "pith/curate/dedup/word_hashes.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"

namespace pith {
namespace {

static_assert(std::endian::native == std::endian::little, "eight bytes are folded as one number");

constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ull;

constexpr std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

std::uint32_t shingle_hash(std::uint64_t polynomial) {
  return static_cast<std::uint32_t>(mix64(polynomial) >> 32);
}

// Sorts hashes and leaves one of each: into a bucket for every value or so by the upper bits, which
// share hashes evenly, then all together, where none is far from its place.
void sort_distinct(std::vector<std::uint32_t>& hashes) {
  if (hashes.size() < 2) return;
  constexpr std::size_t kMostBits = 24;
  const std::size_t shift = 32 - std::min<std::size_t>(kMostBits, std::bit_width(hashes.size()));
  std::vector<std::uint32_t> ends((std::size_t{1} << (32 - shift)) + 1);
  for (const std::uint32_t hash : hashes) ++ends[(hash >> shift) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<std::uint32_t> sorted(hashes.size());
  for (const std::uint32_t hash : hashes) sorted[ends[hash >> shift]++] = hash;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const std::uint32_t hash = sorted[i];
    std::size_t place = i;
    for (; place > 0 && sorted[place - 1] > hash; --place) sorted[place] = sorted[place - 1];
    sorted[place] = hash;
  }
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  hashes.swap(sorted);
}

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Writes eight bytes in lower case to `to`, when all are printable ASCII and no space follows a
// space.
bool fold_eight(const char* from, bool after_space, char* to) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ull, kHigh = 0x80 * kOnes;
  std::uint64_t bytes;
  std::memcpy(&bytes, from, 8);
  // Below 0x80, adding 0x80 - n to a byte sets its high bit when it is n or more.
  if ((bytes & kHigh) != 0 || ((bytes + 0x60 * kOnes) & kHigh) != kHigh) return false;
  const std::uint64_t spaces = ~(bytes + 0x5F * kOnes) & kHigh;  // less than 0x21
  if ((spaces & (spaces << 8 | (after_space ? 0x80 : 0))) != 0) return false;
  const std::uint64_t upper =
      ((bytes + (0x80 - 'A') * kOnes) & ~(bytes + (0x7F - 'Z') * kOnes)) & kHigh;
  bytes |= upper >> 2;
  std::memcpy(to, &bytes, 8);
  return true;
}

}  // namespace

void distinct_shingles(std::string_view text, std::vector<std::uint32_t>& out) {
  std::vector<std::uint64_t> words;
  word_hashes(text, words);
  out.clear();
  if (words.empty()) return;
  // A polynomial over the word hashes rolls: the newest word enters, the oldest leaves.
  constexpr std::uint64_t kLeaving = power(kBase, kShingleWords);
  const std::size_t first = std::min(words.size(), kShingleWords);
  std::uint64_t polynomial = 0;
  for (std::size_t i = 0; i < first; ++i) polynomial = polynomial * kBase + words[i];
  out.resize(words.size() - first + 1);
  out[0] = shingle_hash(polynomial);
  for (std::size_t i = first; i < words.size(); ++i) {
    polynomial = polynomial * kBase + words[i] - words[i - kShingleWords] * kLeaving;
    out[i - first + 1] = shingle_hash(polynomial);
  }
  sort_distinct(out);
}

std::vector<std::uint32_t> distinct_shingles_ref(std::string_view text) {
  std::vector<std::uint64_t> words;
  word_hashes_ref(text, words);
  std::vector<std::uint32_t> hashes;
  if (words.empty()) return hashes;
  const std::size_t length = std::min(words.size(), kShingleWords);
  for (std::size_t first = 0; first + length <= words.size(); ++first) {
    std::uint64_t polynomial = 0;
    for (std::size_t i = 0; i < length; ++i) polynomial = polynomial * kBase + words[first + i];
    hashes.push_back(shingle_hash(polynomial));
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

double jaccard(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t i = 0, j = 0, shared = 0;
  while (i < a.size() && j < b.size()) {
    const std::uint32_t x = a[i], y = b[j];
    shared += x == y;
    i += x <= y;
    j += y <= x;
  }
  const std::size_t either = a.size() + b.size() - shared;
  return either == 0 ? 0.0 : static_cast<double>(shared) / static_cast<double>(either);
}

Hash128 exact_text_hash(std::string_view text) {
  std::string folded;
  folded.resize(text.size());
  const char* from = text.data();
  const char* const end = from + text.size();
  char* const begin = folded.data();
  char* to = begin;
  const auto after_space = [&] { return to == begin || to[-1] == ' '; };
  while (from != end) {
    // Eight bytes of ASCII prose at once; where something else is among them, one by one.
    if (end - from >= 8 && fold_eight(from, after_space(), to)) {
      from += 8, to += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(*from);
    bool space = byte < 0x80 && is_whitespace(byte);
    std::size_t bytes = 1;
    if (byte == 0xC2 || (byte >= 0xE1 && byte <= 0xE3)) {  // first bytes of other white space
      const DecodedPoint point = decode_point({from, static_cast<std::size_t>(end - from)});
      space = is_whitespace(point.code_point);
      bytes = point.bytes;
    }
    if (!space) {
      for (std::size_t i = 0; i < bytes; ++i) *to++ = lower_ascii(from[i]);
    } else if (!after_space()) {
      *to++ = ' ';
    }
    from += bytes;
  }
  if (to != begin && to[-1] == ' ') --to;
  return hash128({begin, static_cast<std::size_t>(to - begin)});
}

Hash128 exact_text_hash_ref(std::string_view text) {
  std::string folded;
  bool space_before = false;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedPoint point = decode_point(text.substr(at));
    if (is_whitespace(point.code_point)) {
      space_before = true;
    } else {
      if (space_before && !folded.empty()) folded.push_back(' ');
      space_before = false;
      for (const char c : text.substr(at, point.bytes)) folded.push_back(lower_ascii(c));
    }
    at += point.bytes;
  }
  return hash128(folded);
}

}  // namespace pith
