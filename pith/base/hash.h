#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// XXH3: the same on every machine, so files may store it. Not for secrets.
namespace pith {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

struct Hash128 {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};
Hash128 hash128(std::string_view bytes);
std::string hex(const Hash128& hash);  // 32 lower-case digits

// Streaming form of hash128: equal to hash128 of the pieces joined.
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

// Mixes one 64-bit value into another of full entropy (splitmix64's finaliser).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace pith
