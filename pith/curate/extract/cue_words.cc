#include "pith/curate/extract/cue_words.h"

#include <array>
#include <cstddef>

namespace pith {
namespace {

struct Cue {
  std::string_view word;
  float weight;
};

constexpr Cue kNameCues[] = {
#define PITH_NAME_CUES
#include "pith/curate/extract/cue_words.inc"
#undef PITH_NAME_CUES
};
constexpr Cue kTextCues[] = {
#define PITH_TEXT_CUES
#include "pith/curate/extract/cue_words.inc"
#undef PITH_TEXT_CUES
};

// Open addressing by the word's hash; 0 marks an empty slot.
class CueTable {
 public:
  template <std::size_t n>
  explicit CueTable(const Cue (&cues)[n]) {
    static_assert(n < kSlots / 2);
    for (const Cue& cue : cues) {
      std::uint64_t hash = kCueHashStart;
      for (const char c : cue.word) hash = cue_hash_step(hash, c);
      std::size_t slot = hash % kSlots;
      while (hashes_[slot] != 0) slot = (slot + 1) % kSlots;
      hashes_[slot] = hash;
      weights_[slot] = cue.weight;
    }
  }
  float weight(std::uint64_t hash) const {
    for (std::size_t slot = hash % kSlots; hashes_[slot] != 0; slot = (slot + 1) % kSlots) {
      if (hashes_[slot] == hash) return weights_[slot];
    }
    return 0;
  }

 private:
  static constexpr std::size_t kSlots = 8192;
  std::array<std::uint64_t, kSlots> hashes_{};
  std::array<float, kSlots> weights_{};
};

}  // namespace

float name_cue(std::uint64_t hash) {
  static const CueTable table(kNameCues);
  return table.weight(hash);
}
float text_cue(std::uint64_t hash) {
  static const CueTable table(kTextCues);
  return table.weight(hash);
}

}  // namespace pith
