#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pith/curate/clean/repetition.h"

// What the filters look at, counted in one pass over the document and shared by all of them.
namespace pith {

// A line without its "\n", white space at both ends cut off; blank lines are not listed.
struct TextLine {
  std::string_view text;
  std::uint64_t hash = 0;
  std::uint32_t characters = 0;
  std::uint32_t paragraph = 0;  // lines between two blank lines share a number
  bool code = false;            // between ``` fences, or a fence; line-shape rules pass over it
};

// How a language is written, which decides what its words are.
enum class WordKind : std::uint8_t {
  kSpaced,       // white space between words
  kIdeographic,  // Chinese, Japanese: every Han or kana letter is a unit
  kUnspaced,     // Thai, Lao, Khmer, Burmese, Tibetan: runs of letters are phrases, not words
};
WordKind word_kind(std::string_view language);
inline bool is_chinese(std::string_view language) { return language.starts_with("zh"); }

// Features of one document at a time; analyze() again for the next one, buffers are kept.
// Threads: one worker's own. Lifetime: views point into the text given to analyze().
class TextFeatures {
 public:
  // `text` is valid UTF-8; `language` is a code of classify/language.h. Time linear in the text.
  void analyze(std::string_view text, std::string_view language);

  std::string_view text() const { return text_; }
  std::string_view language() const { return language_; }
  WordKind kind() const { return kind_; }

  // Words as pith/text/words.h splits them: runs of letters and numbers, single ideographs.
  std::span<const RepetitionUnit> words() const { return words_; }
  std::span<const TextLine> lines() const { return lines_; }

  std::size_t characters = 0;       // code points of the text
  std::size_t visible = 0;          // of them, not white space
  std::size_t newlines = 0;         // outside of code fences, runs of "\n" counted once
  std::size_t prose_words = 0;      // words outside of code fences
  std::size_t word_characters = 0;  // in words
  std::size_t letter_words = 0;     // words with at least one letter
  std::size_t symbol_tokens = 0;    // white-space-separated pieces without any word: "|", "--"
  std::size_t ideographs = 0;       // Han and kana letters
  std::size_t digits = 0;           // code points of \p{N}
  std::size_t hashes = 0;           // '#'
  std::size_t ellipses = 0;         // "..." and U+2026
  std::size_t stop_words = 0;       // distinct English or Chinese stop words seen
  std::size_t distinct_ideographs = 0;
  double ideograph_entropy = 0;  // bits a Han letter, of their distribution

  // Measured when first asked for.
  const RepetitionMeasures& repetition() const;

 private:
  void find_lines();
  void count_words();

  std::string_view text_, language_;
  WordKind kind_ = WordKind::kSpaced;
  std::vector<RepetitionUnit> words_;
  std::vector<TextLine> lines_;
  std::vector<std::uint32_t> ideograph_counts_;  // by code point - U+3040, cleared after use
  std::vector<char32_t> seen_ideographs_;
  mutable std::vector<RepetitionUnit> line_units_, paragraph_units_;
  mutable RepetitionScratch scratch_;
  mutable RepetitionMeasures repetition_;
  mutable bool repetition_known_ = false;
};

}  // namespace pith
