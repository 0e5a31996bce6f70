#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

#include "pith/base/hash.h"

namespace pith {

// splitmix64 (Steele, Lea, Flood 2014): one 64-bit word of state, so that a checkpoint holds it
// whole. The same sequence on every machine. One thread at a time.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // An independent stream for a purpose: Random(seed, "shuffle", epoch).
  Random(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0)
      : state_(mix64(seed ^ hash64(purpose, index + 0x9e3779b97f4a7c15ull))) {}

  std::uint64_t next() { return mix64(state_ += 0x9e3779b97f4a7c15ull); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
  // [0, n), n > 0; unbiased to 2^-64 n (Lemire's multiply).
  std::uint64_t below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64);
  }
  double normal() {  // Box-Muller, one of the pair
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  std::uint64_t state() const { return state_; }
  void set_state(std::uint64_t state) { state_ = state; }

 private:
  std::uint64_t state_;
};

}  // namespace pith
