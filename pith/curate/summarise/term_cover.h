#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string_view>
#include <vector>

namespace pith {

struct CoverOptions {
  std::size_t longest = SIZE_MAX;  // bytes; a longer part counts as one without terms
  double length_power = 0.3;       // gains are for the number of terms to this power
  double single = 0;               // added to the number of parts that have a term: above 0, what
                                   // only one part says counts too
};

// Chooses parts of a text one after another so that together they cover the terms it speaks of. The
// value of a choice is the sum, over the terms in any of its parts, of the logarithm of the number
// of parts that have the term, and `single` (each counts 1 where that makes nothing of all). This
// is submodular, so that the greedy choice by gain for length^length_power is near the best there
// is (Lin and Bilmes 2010, section 3). Time is that of reading the parts, and of sorting. One
// thread at a time.
class TermCover {
 public:
  // The parts are not kept.
  TermCover(const std::vector<std::string_view>& parts, const CoverOptions& options);

  // The part that adds most to those taken, the earlier of equals; nothing when none adds any.
  // It is the caller's to take() it or to pass it over: it does not come again.
  std::optional<std::size_t> next();
  void take(std::size_t part);

  double covered()
      const;  // value of what was taken, as a part of the value of all; 1 without terms

 private:
  struct Candidate {
    double gain;
    std::size_t part;
    // The larger gain first, then the earlier part.
    bool operator<(const Candidate& other) const {
      return gain != other.gain ? gain < other.gain : part > other.part;
    }
  };
  double gain(std::size_t part) const;

  double length_power_;
  std::vector<std::vector<std::uint32_t>> parts_;  // their terms as dense ids, ascending
  std::vector<double> worth_;                      // of covering each term
  std::vector<bool> covered_;
  std::priority_queue<Candidate> queue_;
  double value_ = 0, whole_ = 0;
};

}  // namespace pith
