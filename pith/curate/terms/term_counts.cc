#include "pith/curate/terms/term_counts.h"

#include <algorithm>

#include "pith/curate/terms/terms.h"

namespace pith {

TermCounts::TermCounts() : slots_(1 << 10) {}

std::span<const CountedTerm> TermCounts::count(std::string_view text) {
  for (const CountedTerm& term : terms_) {  // as many steps as were made to fill it
    for (std::size_t slot = home(term.hash); slots_[slot] != 0; slot = home(slot + 1)) {
      slots_[slot] = 0;
    }
  }
  terms_.clear();
  for_each_term(text, [&](std::uint64_t hash, std::string_view surface) {
    std::size_t slot = home(hash);
    while (slots_[slot] != 0 && terms_[slots_[slot] - 1].hash != hash) slot = home(slot + 1);
    if (slots_[slot] != 0) {
      ++terms_[slots_[slot] - 1].count;
      return;
    }
    terms_.push_back({hash, 1, surface});
    slots_[slot] = static_cast<std::uint32_t>(terms_.size());
    if (terms_.size() * 2 > slots_.size()) grow();
  });
  return terms_;
}

void TermCounts::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    std::size_t slot = home(terms_[i].hash);
    while (slots_[slot] != 0) slot = home(slot + 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace pith
