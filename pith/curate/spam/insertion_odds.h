#pragma once

#include <cstddef>
#include <span>

#include "pith/curate/spam/hashed_counts.h"
#include "pith/curate/spam/phrase_places.h"
#include "pith/curate/spam/spam_tokens.h"

// How likely it is that a phrase was put where it stands, rather than said there: by what stands on
// either side of it, and by how well that goes together with and without the phrase. docs/spam.md
// says what the model was fitted on.
namespace pith {

struct InsertionOdds {
  double odds = 0;      // natural logarithm of: inserted against said; -4 to 4
  bool judged = false;  // false where phrases repeat for reasons of their own: odds are then -4
  // Tokens to cut if it was inserted: the phrase, and of the marks around it those that came with
  // it.
  std::size_t cut_begin = 0, cut_end = 0;
};

// Immutable between read() and read(). One thread at a time.
class InsertionModel {
 public:
  // Counts what stands beside what in the text whose places are asked about next. `tokens` must
  // live as long as places are asked about.
  void read(std::span<const SpamToken> tokens);

  // `place` is one of the tokens that were read.
  InsertionOdds judge(const PhrasePlace& place) const;

 private:
  double affinity(std::size_t left, std::size_t right, int own) const;

  std::span<const SpamToken> tokens_;
  HashedCounts pairs_, words_;
};

}  // namespace pith
