#pragma once

#include <cstddef>
#include <cstdint>

// The lower-case table, generated beside the class tables; only unicode.cc reads it.
namespace pith::unicode_tables {

struct LowerPair {
  std::uint32_t from, to;
};
extern const std::size_t kLowerCount;
extern const LowerPair kLower[];  // sorted by `from`

}  // namespace pith::unicode_tables
