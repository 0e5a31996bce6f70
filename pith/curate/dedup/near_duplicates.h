#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/hash.h"
#include "pith/base/result.h"

// Which documents say the same: exactly, and nearly. Documents are numbers 0..n-1 in input order.
namespace pith {

// Which documents are copies of which.
struct DuplicateClusters {
  std::vector<std::uint32_t> kept;  // (n): the document that stands for this one, itself if kept
  std::vector<float> similarity;    // (n): largest found to another of its cluster; 0 when alone
};

// The first of every group of equal hashes is kept. Memory: 24 bytes a document.
DuplicateClusters exact_duplicates(std::span<const Hash128> hashes);

// Where near_duplicates() reads from; memory or file, as the caller likes.
struct SignatureSource {
  // Replaces `keys` with band `band`'s key of every document, (n).
  std::function<Status(std::size_t band, std::vector<std::uint64_t>& keys)> band_keys;
  // Replaces `sketch` with one document's sketch (min_hash.h).
  std::function<Status(std::uint32_t document, std::vector<std::uint32_t>& sketch)> sketch;
};

// Joins documents whose sketches are at least `min_similarity` alike into clusters (transitively)
// and keeps the longest of each, the first among equals. Candidates share a band's key; in a
// bucket, a document is compared with one of every cluster seen there, up to kBucketLeaders.
//
// `text_bytes` (n) is what "longest" means; documents with `excluded` (n) != 0, and documents with
// an empty sketch, stay alone. The same input gives the same clusters. Memory: 40 bytes a document.
inline constexpr std::size_t kBucketLeaders = 32;
Result<DuplicateClusters> near_duplicates(const SignatureSource& source,
                                          std::span<const std::uint64_t> text_bytes,
                                          std::span<const std::uint8_t> excluded,
                                          double min_similarity, const Context& context);

// The slow truth: every pair, by the whole shingle sets (shingles.h).
DuplicateClusters near_duplicates_ref(const std::vector<std::vector<std::uint32_t>>& shingles,
                                      std::span<const std::uint64_t> text_bytes,
                                      double min_similarity);

}  // namespace pith
