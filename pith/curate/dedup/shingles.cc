#include "pith/curate/dedup/shingles.h"

#include <algorithm>
#include <array>
#include <string>

#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ull;

constexpr std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::uint64_t word_hash(std::string_view word) {
  std::array<char, 64> lowered;
  if (word.size() > lowered.size()) {
    std::string copy(word);
    std::transform(copy.begin(), copy.end(), copy.begin(), lower_ascii);
    return hash64(copy);
  }
  std::transform(word.begin(), word.end(), lowered.begin(), lower_ascii);
  return hash64({lowered.data(), word.size()});
}

std::uint32_t shingle_hash(std::uint64_t polynomial) {
  return static_cast<std::uint32_t>(mix64(polynomial) >> 32);
}

void sort_distinct(std::vector<std::uint32_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

void distinct_shingles(std::string_view text, std::vector<std::uint32_t>& out) {
  out.clear();
  // A polynomial over the word hashes rolls: the newest word enters, the oldest leaves.
  constexpr std::uint64_t kLeaving = power(kBase, kShingleWords);
  std::array<std::uint64_t, kShingleWords> window{};
  std::uint64_t polynomial = 0;
  std::size_t words = 0;
  for_each_word(text, [&](std::string_view word) {
    const std::uint64_t hash = word_hash(word);
    std::uint64_t& slot = window[words % kShingleWords];
    polynomial = polynomial * kBase + hash - slot * kLeaving;
    slot = hash;
    if (++words >= kShingleWords) out.push_back(shingle_hash(polynomial));
  });
  if (words > 0 && words < kShingleWords) out.push_back(shingle_hash(polynomial));
  sort_distinct(out);
}

std::vector<std::uint32_t> distinct_shingles_ref(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  std::vector<std::uint32_t> hashes;
  if (words.empty()) return hashes;
  const std::size_t length = std::min(words.size(), kShingleWords);
  for (std::size_t first = 0; first + length <= words.size(); ++first) {
    std::uint64_t polynomial = 0;
    for (std::size_t i = 0; i < length; ++i) {
      polynomial = polynomial * kBase + word_hash(words[first + i]);
    }
    hashes.push_back(shingle_hash(polynomial));
  }
  sort_distinct(hashes);
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
  folded.reserve(text.size());
  bool space_before = false;
  const auto add = [&](std::string_view bytes) {
    if (space_before && !folded.empty()) folded.push_back(' ');
    space_before = false;
    folded.append(bytes);
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (is_whitespace(byte)) {
        space_before = true;
      } else {
        const char lowered = lower_ascii(text[at]);
        add({&lowered, 1});
      }
      ++at;
      continue;
    }
    const DecodedPoint point = decode_point(text.substr(at));
    if (is_whitespace(point.code_point)) {
      space_before = true;
    } else {
      add(text.substr(at, point.bytes));
    }
    at += point.bytes;
  }
  return hash128(folded);
}

}  // namespace pith
