#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "pith/curate/spam/repeated_insertions.h"
#include "pith/curate/spam/spam_cues.h"
#include "pith/curate/spam/spam_tokens.h"

// Lines that fall as a whole: runs of keywords, comments that advertise, and the list of unrelated
// headlines with which a page ends.
namespace pith {

struct SpamLineOptions {
  std::size_t least_keywords = 6;  // in a line without sentences
  double keyword_repeats =
      0.45;  // of neighbouring pairs in it, so many must have stood in it before
  std::size_t least_headlines = 6;
  double headline_score = 3;  // sum over the list, at most 0.7 a headline
};

struct SpamLines {
  std::vector<Cut> cuts;  // whole lines, ascending
  std::size_t keyword_lines = 0, comment_lines = 0, headline_lines = 0;
  double keyword_repeats = 0, headline_score = 0;  // the highest measured
};

// One thread at a time.
class SpamLineFinder {
 public:
  explicit SpamLineFinder(const SpamLineOptions& options = {});
  ~SpamLineFinder();
  SpamLineFinder(SpamLineFinder&&) noexcept;
  SpamLineFinder& operator=(SpamLineFinder&&) noexcept;

  // `tokens` and `cues` are those of `text`. Time linear in the text.
  SpamLines find(std::string_view text, const std::vector<SpamToken>& tokens,
                 const std::vector<CueHit>& cues);

 private:
  struct Scratch;
  SpamLineOptions options_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pith
