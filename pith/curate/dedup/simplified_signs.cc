#include "pith/curate/dedup/simplified_signs.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace pith {
namespace {

constexpr std::uint16_t kPairs[] = {
#include "pith/curate/dedup/simplified_signs.inc"
};
constexpr char32_t kFirst = 0x4E00, kEnd = 0xA000;

std::array<std::uint16_t, kEnd - kFirst> make_table() {
  std::array<std::uint16_t, kEnd - kFirst> table;
  std::iota(table.begin(), table.end(), std::uint16_t{kFirst});
  for (std::size_t i = 0; i < std::size(kPairs); i += 2) table[kPairs[i] - kFirst] = kPairs[i + 1];
  // A sign that gives one that itself changes goes on to the end.
  for (std::uint16_t& to : table) {
    while (table[to - kFirst] != to) to = table[to - kFirst];
  }
  return table;
}

const std::array<std::uint16_t, kEnd - kFirst> kTable = make_table();

}  // namespace

char32_t simplified_sign(char32_t code_point) {
  return code_point >= kFirst && code_point < kEnd ? kTable[code_point - kFirst] : code_point;
}

}  // namespace pith
