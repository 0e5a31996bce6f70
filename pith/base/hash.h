#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Hashes of bytes by XXH3 (xxhash.com): the same bytes give the same number on every machine and in
// every build, so files may store them. They spread over all their bits (`% n` and `>>` are both
// fine). Whoever chooses what is hashed can find texts of one hash: no use for secrets, nor against
// an enemy. Pure functions; any thread.
namespace pith {

// Where a collision costs little or is checked: of n different texts two are equal with probability
// n^2 / 2^65, one in 37 at a thousand million. Other seeds give hashes of their own.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// Where a hash stands for what was hashed, as ids of documents do: two of a million million texts
// are equal with probability 10^-15. Ordered by `high`, then `low`; the order means nothing but is
// always the same, so that what is taken by least hash is a sample that does not depend on threads
// or files.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};
Hash128 hash128(std::string_view bytes);
std::string hex(const Hash128& hash);  // 32 lower-case digits

// hash128 of pieces that come one after the other: equal to that of the pieces joined, so put
// something between pieces whose border matters. finish() may be called at any time and adding go
// on. One thread at a time; holds 600 bytes or so, whatever is added.
class Hasher128 {
 public:
  Hasher128();
  ~Hasher128();
  Hasher128(const Hasher128&) = delete;
  Hasher128& operator=(const Hasher128&) = delete;
  void add(std::string_view bytes);
  Hash128 finish() const;

 private:
  void* state_;
};

// A number in which every bit depends on every bit of `x`: for keys of tables out of numbers that
// are alike (two token ids side by side). One to one, 0 stays 0; the finaliser of splitmix64
// (Steele, Lea, Flood 2014: Fast Splittable Pseudorandom Number Generators).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace pith
