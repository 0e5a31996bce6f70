#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/hash.h"
#include "pith/base/result.h"
#include "pith/curate/dedup/shingle_comparison.h"

// Which documents say the same: exactly, and nearly. Documents are numbers 0..n-1 in input order.
namespace pith {

// Which documents are copies of which.
struct DuplicateClusters {
  std::vector<std::uint32_t> kept;  // (n): the document that stands for this one, itself if kept
  std::vector<float> similarity;    // (n): to the one that stands for it; 0 when that is itself
};

// The first of every group of equal hashes is kept. Memory: 24 bytes a document.
DuplicateClusters exact_duplicates(std::span<const Hash128> hashes);

// Where near_duplicates() reads from; memory or file, as the caller likes.
struct SignatureSource {
  // Replaces `keys` with band `band`'s key of every document, (n).
  std::function<Status(std::size_t band, std::vector<std::uint64_t>& keys)> band_keys;
  ShingleSource shingles;
};

// Finds documents that are alike and keeps the longest (the first among equals). Every document
// that is not kept has a Jaccard similarity of at least `min_similarity` to the one that stands for
// it, computed over all shingles (shingle_comparison.h): a chain of documents, each like the next,
// is not one cluster, but as many as it takes.
//
// Candidates share a band's key; in a bucket, a document is compared with one of every group seen
// there, up to kBucketLeaders. What is alike joins a group; of each group the longest is kept and
// stands for all that are alike to it, of the rest again the longest, and so on, each document
// compared with the last kBucketLeaders kept of its group.
//
// `text_bytes` (n) is what "longest" means; documents with `excluded` (n) != 0, and documents with
// no shingle, stay alone. The same input gives the same clusters. Memory: 40 bytes a document.
inline constexpr std::size_t kBucketLeaders = 32;
Result<DuplicateClusters> near_duplicates(const SignatureSource& source,
                                          std::span<const std::uint64_t> text_bytes,
                                          std::span<const std::uint8_t> excluded,
                                          double min_similarity, const Context& context);

// The slow truth: the longest first, each against all that were kept before it.
DuplicateClusters near_duplicates_ref(const std::vector<std::vector<std::uint32_t>>& shingles,
                                      std::span<const std::uint64_t> text_bytes,
                                      double min_similarity);

}  // namespace pith
