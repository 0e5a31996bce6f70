#include "pith/base/closest_word.h"

#include <algorithm>
#include <vector>

namespace pith {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Distances from the beginnings of a, of i - 1 bytes, i and i + 1, to every beginning of b.
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    next[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      next[j + 1] = std::min({row[j] + (a[i] == b[j] ? 0 : 1), next[j] + 1, row[j + 1] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        next[j + 1] = std::min(next[j + 1], before[j - 1] + 1);
      }
    }
    before.swap(row);
    row.swap(next);
  }
  return row.back();
}

std::string closest_word(std::string_view word, std::span<const std::string> words) {
  constexpr std::size_t kLongest = 64;  // what is longer is no slip of the finger
  if (word.size() > kLongest) return "";
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : words) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least) least = distance, best = candidate;
  }
  return best;
}

}  // namespace pith
