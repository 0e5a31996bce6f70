#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// How much of a document repeats itself: the measures of Gopher (Rae et al. 2021, table A1) in the
// definitions of datatrove, over hashes of units, so that nothing is copied or joined.
namespace pith {

// A word, line or paragraph: equal hash means equal text.
struct RepetitionUnit {
  std::uint64_t hash = 0;
  std::uint32_t characters = 0;  // code points
};

// All fractions are of `characters`, the code points of the whole text, but the first two.
struct RepetitionMeasures {
  // Share of lines that were there before, of lines outside of code with at least 12 characters.
  double duplicate_lines = 0;
  double duplicate_paragraphs = 0;  // share of paragraphs
  double duplicate_line_characters = 0;
  double duplicate_paragraph_characters = 0;
  std::array<double, 3> top_gram{};        // most frequent n-gram times its count, one per size
  std::array<double, 6> duplicate_gram{};  // characters in n-grams seen before, one per size
};

// Sizes in units. Spaced languages count words; a Chinese word is 1.65 characters in the mean, so
// that its grams are that much longer in single characters.
struct GramSizes {
  std::array<int, 3> top{2, 3, 4};
  std::array<int, 6> duplicate{5, 6, 7, 8, 9, 10};
  bool spaces_between = true;  // top grams are joined with spaces, as datatrove does

  static GramSizes characters() { return {{3, 5, 7}, {8, 10, 12, 13, 15, 17}, false}; }
};

// Tables that are used again from call to call; one thread at a time.
struct RepetitionScratch {
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t count = 0, first = 0;
  };
  std::vector<Slot> slots;
  std::vector<std::uint64_t> prefix_hash;
  std::vector<std::uint32_t> prefix_characters;
};

// Share of units that occurred before (by count), and the code points in them.
struct DuplicateUnits {
  std::size_t units = 0, characters = 0;
};
DuplicateUnits duplicate_units(std::span<const RepetitionUnit> units, RepetitionScratch& scratch);

// Code points of the most frequent n-gram (the first one of equals) times its count; 0 when there
// are fewer than n units.
std::size_t top_gram_characters(std::span<const RepetitionUnit> units, int n, bool spaces_between,
                                RepetitionScratch& scratch);
// Code points covered by n-grams seen before: after one, reading goes on behind it.
std::size_t duplicate_gram_characters(std::span<const RepetitionUnit> units, int n,
                                      RepetitionScratch& scratch);

// The definitions, slow and without hashing of grams; for tests.
std::size_t top_gram_characters_ref(std::span<const RepetitionUnit> units, int n,
                                    bool spaces_between);
std::size_t duplicate_gram_characters_ref(std::span<const RepetitionUnit> units, int n);

}  // namespace pith
