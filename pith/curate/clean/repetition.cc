#include "pith/curate/clean/repetition.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ull | 1;

void clear_table(std::size_t entries, RepetitionScratch& scratch) {
  scratch.slots.assign(std::bit_ceil(std::max<std::size_t>(entries * 2, 16)), {});
}

// The slot of `key`, empty (count 0) when it is new.
RepetitionScratch::Slot& find_slot(std::uint64_t key, RepetitionScratch& scratch) {
  const std::size_t mask = scratch.slots.size() - 1;
  std::size_t at = static_cast<std::size_t>(key) & mask;
  while (scratch.slots[at].count != 0 && scratch.slots[at].key != key) at = (at + 1) & mask;
  return scratch.slots[at];
}

// Prefix sums, so that the hash and the length of any gram are one subtraction away.
void prepare(std::span<const RepetitionUnit> units, RepetitionScratch& scratch) {
  scratch.prefix_hash.resize(units.size() + 1);
  scratch.prefix_characters.resize(units.size() + 1);
  scratch.prefix_hash[0] = 0;
  scratch.prefix_characters[0] = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    scratch.prefix_hash[i + 1] = scratch.prefix_hash[i] * kBase + units[i].hash;
    scratch.prefix_characters[i + 1] = scratch.prefix_characters[i] + units[i].characters;
  }
}

std::uint64_t power(int n) {
  std::uint64_t result = 1;
  for (int i = 0; i < n; ++i) result *= kBase;
  return result;
}

std::uint64_t gram_key(const RepetitionScratch& scratch, std::size_t i, std::size_t n,
                       std::uint64_t base_to_n) {
  return mix64(scratch.prefix_hash[i + n] - scratch.prefix_hash[i] * base_to_n);
}

}  // namespace

DuplicateUnits duplicate_units(std::span<const RepetitionUnit> units, RepetitionScratch& scratch) {
  DuplicateUnits found;
  clear_table(units.size(), scratch);
  for (const RepetitionUnit& unit : units) {
    auto& slot = find_slot(mix64(unit.hash), scratch);
    if (slot.count++ == 0) {
      slot.key = mix64(unit.hash);
    } else {
      ++found.units;
      found.characters += unit.characters;
    }
  }
  return found;
}

std::size_t top_gram_characters(std::span<const RepetitionUnit> units, int n, bool spaces_between,
                                RepetitionScratch& scratch) {
  const auto size = static_cast<std::size_t>(n);
  if (units.size() < size) return 0;
  prepare(units, scratch);
  clear_table(units.size(), scratch);
  const std::uint64_t base_to_n = power(n);
  std::uint32_t best_count = 0, best_first = 0;
  for (std::size_t i = 0; i + size <= units.size(); ++i) {
    const std::uint64_t key = gram_key(scratch, i, size, base_to_n);
    auto& slot = find_slot(key, scratch);
    if (slot.count++ == 0) {
      slot.key = key;
      slot.first = static_cast<std::uint32_t>(i);
    }
    if (slot.count > best_count || (slot.count == best_count && slot.first < best_first)) {
      best_count = slot.count;
      best_first = slot.first;
    }
  }
  const std::size_t length =
      scratch.prefix_characters[best_first + size] - scratch.prefix_characters[best_first];
  return (length + (spaces_between ? size - 1 : 0)) * best_count;
}

std::size_t duplicate_gram_characters(std::span<const RepetitionUnit> units, int n,
                                      RepetitionScratch& scratch) {
  const auto size = static_cast<std::size_t>(n);
  if (units.size() < size) return 0;
  prepare(units, scratch);
  clear_table(units.size(), scratch);
  const std::uint64_t base_to_n = power(n);
  std::size_t repeated = 0;
  for (std::size_t i = 0; i + size <= units.size();) {
    const std::uint64_t key = gram_key(scratch, i, size, base_to_n);
    auto& slot = find_slot(key, scratch);
    if (slot.count == 0) {
      slot = {key, 1, 0};
      ++i;
    } else {
      repeated += scratch.prefix_characters[i + size] - scratch.prefix_characters[i];
      i += size;
    }
  }
  return repeated;
}

namespace {
std::vector<std::uint64_t> gram_at(std::span<const RepetitionUnit> units, std::size_t i,
                                   std::size_t n) {
  std::vector<std::uint64_t> gram;
  for (std::size_t k = 0; k < n; ++k) gram.push_back(units[i + k].hash);
  return gram;
}
std::size_t gram_characters(std::span<const RepetitionUnit> units, std::size_t i, std::size_t n) {
  std::size_t length = 0;
  for (std::size_t k = 0; k < n; ++k) length += units[i + k].characters;
  return length;
}
}  // namespace

std::size_t top_gram_characters_ref(std::span<const RepetitionUnit> units, int n,
                                    bool spaces_between) {
  const auto size = static_cast<std::size_t>(n);
  std::map<std::vector<std::uint64_t>, std::size_t> counts;
  for (std::size_t i = 0; i + size <= units.size(); ++i) ++counts[gram_at(units, i, size)];
  std::size_t best = 0, length = 0;
  for (std::size_t i = 0; i + size <= units.size(); ++i) {
    const std::size_t count = counts[gram_at(units, i, size)];
    if (count <= best) continue;
    best = count;
    length = gram_characters(units, i, size) + (spaces_between ? size - 1 : 0);
  }
  return best * length;
}

std::size_t duplicate_gram_characters_ref(std::span<const RepetitionUnit> units, int n) {
  const auto size = static_cast<std::size_t>(n);
  std::set<std::vector<std::uint64_t>> seen;
  std::size_t repeated = 0;
  for (std::size_t i = 0; i + size <= units.size();) {
    if (seen.insert(gram_at(units, i, size)).second) {
      ++i;
    } else {
      repeated += gram_characters(units, i, size);
      i += size;
    }
  }
  return repeated;
}

}  // namespace pith
