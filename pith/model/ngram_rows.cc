#include "pith/model/ngram_rows.h"

#include <array>

namespace pith {

std::uint32_t ngram_row(std::span<const int> tokens, std::uint32_t rows) {
  constexpr std::array<std::uint32_t, kMaxNgram> kFactors = {0x9E3779B1u, 0x85EBCA6Bu, 0xC2B2AE35u,
                                                             0x27D4EB2Fu};
  std::uint32_t sum = static_cast<std::uint32_t>(tokens.size());
  for (std::size_t back = 0; back < tokens.size(); ++back) {
    const auto id = static_cast<std::uint32_t>(tokens[tokens.size() - 1 - back] + 1);
    sum += id * kFactors[back];
  }
  sum ^= sum >> 15;
  sum *= 0x2C1B3C6Du;
  sum ^= sum >> 13;
  return sum & (rows - 1);
}

}  // namespace pith
