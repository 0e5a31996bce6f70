#pragma once

#include <cstdint>
#include <vector>

namespace pith {

// Sorts keys, all at most `largest`, in passes over their digits of 11 bits. `spare` is scratch of
// the same size that may be used again.
void radix_sort(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& spare,
                std::uint64_t largest);

}  // namespace pith
