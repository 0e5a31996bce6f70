#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pith {

struct CountedTerm {
  std::uint64_t hash = 0;
  std::uint32_t count = 0;
  std::string_view surface;  // where the text has it first; lives as long as the text
};

// Counts the terms of one text after the other, in a table that is used again. One thread at a
// time.
class TermCounts {
 public:
  TermCounts();

  // The terms of `text` (valid UTF-8) in the order in which they come first. Until the next call.
  std::span<const CountedTerm> count(std::string_view text);

 private:
  void grow();
  std::size_t home(std::uint64_t hash) const { return hash & (slots_.size() - 1); }

  std::vector<CountedTerm> terms_;
  std::vector<std::uint32_t> slots_;  // place in terms_ and one more; 0: free. A power of two
};

}  // namespace pith
