#include "pith/curate/terms/terms.h"

#include <algorithm>
#include <array>
#include <string>

#include "pith/base/hash.h"
#include "pith/text/unicode.h"
#include "pith/text/utf8.h"
#include "pith/text/words.h"

namespace pith {
namespace {

constexpr std::size_t kStemLetters = 6;

// As stems.
constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"a",    "about", "also",   "an",   "and",  "any",   "are",    "as",    "at",    "be",
     "been", "being", "betwee", "but",  "by",   "can",   "could",  "did",   "do",    "does",
     "each", "for",   "from",   "had",  "has",  "have",  "he",     "her",   "his",   "how",
     "i",    "if",    "in",     "into", "is",   "it",    "its",    "may",   "more",  "most",
     "my",   "no",    "not",    "of",   "on",   "only",  "or",     "other", "our",   "out",
     "over", "she",   "should", "so",   "some", "such",  "than",   "that",  "the",   "their",
     "them", "then",  "these",  "they", "this", "those", "throug", "to",    "under", "up",
     "us",   "was",   "we",     "were", "what", "when",  "where",  "which", "who",   "whom",
     "will", "with",  "would",  "you",  "your"});
constexpr std::u32string_view kFunctionSigns =
    U"的了是在和与與也都就而及或之其这這那我你他她它们們个個一不有为為对對被把从從到以可会會能要于"
    U"於";

// A stem of at most eight bytes as a number; others are longer than any function word.
constexpr std::uint64_t packed(std::string_view stem) {
  std::uint64_t bytes = 0;
  for (const char c : stem) bytes = (bytes << 8) | static_cast<unsigned char>(c);
  return bytes;
}

// The function words where they are found at once: most words are looked for and none of these.
class FunctionWords {
 public:
  consteval FunctionWords() {
    for (const std::string_view word : kFunctionWords) {
      std::size_t slot = home(packed(word));
      while (slots_[slot] != 0) slot = (slot + 1) % slots_.size();
      slots_[slot] = packed(word);
    }
  }
  constexpr bool contains(std::string_view stem) const {
    if (stem.size() > kStemLetters) return false;
    const std::uint64_t wanted = packed(stem);
    std::size_t slot = home(wanted);
    while (slots_[slot] != 0 && slots_[slot] != wanted) slot = (slot + 1) % slots_.size();
    return slots_[slot] != 0;
  }

 private:
  static constexpr std::size_t home(std::uint64_t word) {
    return static_cast<std::size_t>((word * 0x9e3779b97f4a7c15ull) >> 55);
  }
  std::array<std::uint64_t, 512> slots_{};
};
constexpr FunctionWords kFunctionStems;
static_assert(kFunctionStems.contains("betwee") && kFunctionStems.contains("a") &&
              !kFunctionStems.contains("river"));

bool is_function_word(std::string_view stem) { return kFunctionStems.contains(stem); }

bool ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The stem of a word of ASCII letters only, into `stem`; false for any other word.
bool ascii_stem(std::string_view word, std::array<char, kStemLetters>& stem) {
  if (!std::ranges::all_of(word, ascii_letter)) return false;
  for (std::size_t i = 0; i < std::min(word.size(), kStemLetters); ++i) {
    stem[i] = static_cast<char>(word[i] | 0x20);
  }
  return true;
}

bool is_function_sign(char32_t sign) { return kFunctionSigns.find(sign) != kFunctionSigns.npos; }

}  // namespace

void for_each_term(std::string_view text, const OnTerm& on_term) {
  char32_t sign_before = 0;
  const char* sign_at = nullptr;
  const char* end_before = nullptr;
  std::string stem;
  std::array<char, kStemLetters> letters_only;
  for_each_word(text, [&](std::string_view word) {
    if (ascii_stem(word, letters_only)) {
      const std::string_view front(letters_only.data(), std::min(word.size(), kStemLetters));
      if (word.size() > 1 && !is_function_word(front)) on_term(hash64(front), word);
      return;
    }
    const DecodedPoint first = decode_valid_point(word.data());
    if (is_ideograph(first.code_point)) {
      const bool function = is_function_sign(first.code_point);
      const char* const end = word.data() + word.size();
      if (end_before == word.data() && sign_before != 0 && !function) {
        on_term(mix64((std::uint64_t{sign_before} << 32) | first.code_point),
                {sign_at, static_cast<std::size_t>(end - sign_at)});
      }
      sign_before = function ? 0 : first.code_point;
      sign_at = word.data();
      end_before = end;
      return;
    }
    stem.clear();
    std::size_t letters = 0, numbers = 0;
    for (std::size_t at = 0; at < word.size();) {
      const DecodedPoint point = decode_valid_point(word.data() + at);
      at += point.bytes;
      (is_letter(point.code_point) ? letters : numbers) += 1;
      if (letters + numbers <= kStemLetters) append_utf8(to_lower(point.code_point), stem);
    }
    if (letters <= 1 || numbers > letters || is_function_word(stem)) return;
    on_term(hash64(stem), word);
  });
}

void distinct_terms(std::string_view text, std::vector<std::uint64_t>& terms) {
  terms.clear();
  for_each_term(text, [&](std::uint64_t hash, std::string_view) { terms.push_back(hash); });
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

}  // namespace pith
