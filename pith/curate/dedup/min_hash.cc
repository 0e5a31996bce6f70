#include "pith/curate/dedup/min_hash.h"

#include <algorithm>
#include <limits>

#include "pith/base/hash.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/curate/dedup/min_hash.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void MinHash(const std::uint32_t* HWY_RESTRICT shingles, std::size_t count,
             const std::uint32_t* HWY_RESTRICT flips, const std::uint32_t* HWY_RESTRICT factors,
             std::uint32_t* HWY_RESTRICT out) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  // Four vectors of permutations at a time stay in registers while the shingles stream by.
  for (std::size_t i = 0; i < kMinHashes; i += 4 * lanes) {
    const auto a0 = hn::LoadU(d, flips + i), a1 = hn::LoadU(d, flips + i + lanes);
    const auto a2 = hn::LoadU(d, flips + i + 2 * lanes), a3 = hn::LoadU(d, flips + i + 3 * lanes);
    const auto b0 = hn::LoadU(d, factors + i), b1 = hn::LoadU(d, factors + i + lanes);
    const auto b2 = hn::LoadU(d, factors + i + 2 * lanes);
    const auto b3 = hn::LoadU(d, factors + i + 3 * lanes);
    auto m0 = hn::Set(d, std::numeric_limits<std::uint32_t>::max());
    auto m1 = m0, m2 = m0, m3 = m0;
    for (std::size_t s = 0; s < count; ++s) {
      const auto x = hn::Set(d, shingles[s]);
      m0 = hn::Min(m0, hn::Mul(hn::Xor(x, a0), b0));
      m1 = hn::Min(m1, hn::Mul(hn::Xor(x, a1), b1));
      m2 = hn::Min(m2, hn::Mul(hn::Xor(x, a2), b2));
      m3 = hn::Min(m3, hn::Mul(hn::Xor(x, a3), b3));
    }
    hn::StoreU(m0, d, out + i);
    hn::StoreU(m1, d, out + i + lanes);
    hn::StoreU(m2, d, out + i + 2 * lanes);
    hn::StoreU(m3, d, out + i + 3 * lanes);
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {
namespace {

HWY_EXPORT(MinHash);

struct Permutations {
  std::array<std::uint32_t, kMinHashes> flips, factors;
};

const Permutations& permutations() {
  static const Permutations fixed = [] {
    Permutations made;
    for (std::size_t i = 0; i < kMinHashes; ++i) {
      const std::uint64_t random = mix64((i + 1) * 0x9e3779b97f4a7c15ull);
      made.flips[i] = static_cast<std::uint32_t>(random >> 32);
      made.factors[i] = static_cast<std::uint32_t>(random) | 1;
    }
    return made;
  }();
  return fixed;
}

}  // namespace

Signature min_hash(std::span<const std::uint32_t> shingles) {
  Signature signature;
  const Permutations& p = permutations();
  HWY_DYNAMIC_DISPATCH(MinHash)
  (shingles.data(), shingles.size(), p.flips.data(), p.factors.data(), signature.data());
  return signature;
}

Signature min_hash_ref(std::span<const std::uint32_t> shingles) {
  Signature signature;
  signature.fill(std::numeric_limits<std::uint32_t>::max());
  const Permutations& p = permutations();
  for (const std::uint32_t shingle : shingles) {
    for (std::size_t i = 0; i < kMinHashes; ++i) {
      signature[i] = std::min(signature[i], (shingle ^ p.flips[i]) * p.factors[i]);
    }
  }
  return signature;
}

BandKeys band_keys(const Signature& signature) {
  static_assert(kBands * kBandRows <= kMinHashes);
  BandKeys keys;
  for (std::size_t band = 0; band < kBands; ++band) {
    std::uint64_t key = band;
    for (std::size_t row = 0; row < kBandRows; ++row) {
      key = mix64(key ^ signature[band * kBandRows + row]) * 0x9e3779b97f4a7c15ull;
    }
    keys[band] = key;
  }
  return keys;
}

double sketch_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::size_t i = 0, j = 0, shared = 0, either = 0;
  // A whole set has no more members beyond its end; a cut one may, so the union is known only as
  // far as the shorter reach, and never beyond kSketchSize members.
  const bool a_cut = a.size() >= kSketchSize, b_cut = b.size() >= kSketchSize;
  const bool cut = a_cut || b_cut;
  while ((i < a.size() || j < b.size()) && !(cut && either >= kSketchSize)) {
    if ((i == a.size() && a_cut) || (j == b.size() && b_cut)) break;
    ++either;
    if (j == b.size() || (i < a.size() && a[i] < b[j])) {
      ++i;
    } else if (i == a.size() || b[j] < a[i]) {
      ++j;
    } else {
      ++i, ++j, ++shared;
    }
  }
  return either == 0 ? 0.0 : static_cast<double>(shared) / static_cast<double>(either);
}

}  // namespace pith
#endif  // HWY_ONCE
