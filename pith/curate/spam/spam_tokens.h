#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// Text as the spam rules read it: words and signs with the places where they stand.
namespace pith {

enum class SpamTokenKind : std::uint8_t {
  kSign,   // one Han, Hiragana or Katakana letter
  kWord,   // a run of other letters and digits; cut where lower case turns to upper ("govBest")
  kStop,   // ends a sentence or clause, or a line
  kBreak,  // any other mark: brackets, dashes, quotes
};

struct SpamToken {
  std::uint32_t begin = 0, end = 0;  // bytes of the text
  // The same for equal tokens: words without regard to ASCII case, all whole numbers alike as
  // `hash`. What scripts/train_word_pairs.py counts is these.
  std::uint32_t hash = 0;
  SpamTokenKind kind = SpamTokenKind::kBreak;

  bool spoken() const { return kind == SpamTokenKind::kSign || kind == SpamTokenKind::kWord; }
  // How much of a phrase a token makes: phrases of four and more are looked for.
  std::uint32_t weight() const {
    if (kind == SpamTokenKind::kWord) return end - begin >= 3 ? 2 : 1;
    return kind == SpamTokenKind::kSign ? 1 : 0;
  }
};

namespace spam_hash {
inline constexpr std::uint32_t kSentenceEnd = 1, kComma = 2, kNewline = 3, kNumber = 4;
}

// Appends the tokens of `text`, valid UTF-8 of less than 4 GB. White space makes no token, but
// lines do.
void append_spam_tokens(std::string_view text, std::vector<SpamToken>& tokens);

}  // namespace pith
