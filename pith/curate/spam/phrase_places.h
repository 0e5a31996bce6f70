#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pith/curate/spam/hashed_counts.h"
#include "pith/curate/spam/spam_tokens.h"

// Where a text says what its title says, or says again what it has said: the places of which
// insertion_odds.h then asks whether the phrase was put there.
namespace pith {

struct PhrasePlace {
  std::size_t begin = 0, end = 0;  // tokens of what was searched
  std::uint64_t group = 0;         // the same for places of one phrase; 0: of the title
  bool titled = false;             // the same words stand in the title
  bool whole = false;              // a part of the title from mark to mark, or several
};

// Searches one text after another with memory that is kept. One thread at a time.
class PhraseFinder {
 public:
  // The title of the texts that follow; may be empty.
  void read_title(std::string_view title);
  const std::vector<SpamToken>& title_tokens() const { return title_tokens_; }

  // Places in lines of running text, ascending and apart, until the next call: the longest
  // stretches of the title that weigh three or more (SpamToken::weight), and runs of phrases of
  // weight four that stand `least_repeats` times (2 to 200), without the function words at their
  // ends. `tokens` are of `text`, or some of them in a row. Time linear in the tokens.
  const std::vector<PhrasePlace>& find(std::string_view text, std::span<const SpamToken> tokens,
                                       std::size_t least_repeats);

 private:
  // The shortest run of tokens from one on that weighs a phrase; 0 tokens when there is none.
  struct Window {
    std::uint64_t key = 0;
    std::size_t tokens = 0;
  };
  // Where in the title such a run stands.
  struct TitleWindow {
    std::uint64_t key = 0;
    std::size_t token = 0;
  };

  static Window window_at(std::span<const SpamToken> tokens, std::size_t i, std::uint32_t least);
  void mark_prose(std::string_view text);
  PhrasePlace title_place(std::size_t token) const;
  PhrasePlace repeated_place(std::size_t token, int least_repeats) const;

  // Of the title.
  std::vector<SpamToken> title_tokens_;
  std::vector<TitleWindow> title_;                   // by key
  std::array<std::uint64_t, 64> title_filter_ = {};  // of the hashes with which its windows begin

  // Of the text that is searched.
  std::span<const SpamToken> tokens_;
  std::vector<std::uint8_t> prose_;  // of each token, whether it stands in running text
  std::vector<Window> windows_;      // at each token
  HashedCounts counts_;              // of the windows' keys
  std::vector<PhrasePlace> places_;
};

}  // namespace pith
