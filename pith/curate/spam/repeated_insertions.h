#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "pith/curate/spam/spam_tokens.h"

// Phrases that were put into sentences to which they do not belong: fragments of the page's title,
// a brand, a search phrase. They stand again and again, each time between other words, and the
// words to their left and right belong together better than either does with the phrase.
namespace pith {

struct InsertionOptions {
  std::size_t least_repeats = 3;  // of a phrase of four signs or two words
  // How sure the whole group of a phrase's places must be, as a natural logarithm of the odds
  // against chance; a single place, as a probability.
  double evidence = 5;
  double place = 0.5;
  // Of a phrase's places, the share that must look inserted.
  double share = 0.05;
};

struct Cut {
  std::size_t begin = 0, end = 0;  // bytes of the text
};

struct Insertions {
  std::vector<Cut> cuts;  // ascending, none touches another
  // Places of the title in the text that look inserted, of groups that are not sure enough to be
  // cut.
  std::vector<Cut> suspects;
  double evidence = 0;  // of the surest group, whether it reached the bound or not
  double density = 0;   // of the text's weight, in the densest group of places
};

// Finds insertions in one text after another with memory that is kept. One thread at a time.
class InsertionFinder {
 public:
  explicit InsertionFinder(const InsertionOptions& options = {});
  ~InsertionFinder();
  InsertionFinder(InsertionFinder&&) noexcept;
  InsertionFinder& operator=(InsertionFinder&&) noexcept;

  // `tokens` are those of `text`, `title` may be empty. Time linear in the text.
  Insertions find(std::string_view text, const std::vector<SpamToken>& tokens,
                  std::string_view title);

 private:
  struct Scratch;
  InsertionOptions options_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pith
