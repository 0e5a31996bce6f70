#include "pith/curate/decontaminate/overlap_tokens.h"

#include <algorithm>
#include <array>
#include <string>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

constexpr std::array<std::string_view, 31> kNumberWords = {
    "zero",    "one",       "two",      "three",    "four",    "five",     "six",      "seven",
    "eight",   "nine",      "ten",      "eleven",   "twelve",  "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen", "twenty",  "thirty",   "forty",    "fifty",
    "sixty",   "seventy",   "eighty",   "ninety",   "hundred", "thousand", "million"};
constexpr std::u32string_view kNumberSigns = U"〇零一二三四五六七八九十百千万萬亿億两兩";

// A figure, also with a unit behind it ("5kg", "3rd").
bool begins_with_digit(std::string_view word) {
  return (code_point_classes(decode_valid_point(word.data()).code_point) & kNumberClass) != 0;
}

}  // namespace

bool overlap_tokens(std::string_view text, std::vector<std::uint64_t>& tokens) {
  tokens.clear();
  std::size_t signs = 0;
  std::string lower;
  for_each_word(text, [&](std::string_view word) {
    const char32_t first = decode_valid_point(word.data()).code_point;
    bool number = begins_with_digit(word);
    if (is_ideograph(first)) {
      ++signs;
      number = kNumberSigns.find(first) != kNumberSigns.npos;
    }
    if (!number) {
      lower.clear();
      for (std::size_t at = 0; at < word.size();) {
        const DecodedPoint point = decode_valid_point(word.data() + at);
        append_utf8(to_lower(point.code_point), lower);
        at += point.bytes;
      }
      number = std::find(kNumberWords.begin(), kNumberWords.end(), lower) != kNumberWords.end();
    }
    if (!number) {
      tokens.push_back(hash64(lower));
    } else if (tokens.empty() || tokens.back() != kNumberToken) {
      tokens.push_back(kNumberToken);
    }
  });
  return signs * 2 > tokens.size();
}

}  // namespace pith
