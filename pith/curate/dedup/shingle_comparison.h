#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "pith/base/result.h"

// Jaccard similarity of documents whose shingles lie in a file, in bounded memory.
namespace pith {

// Where the distinct shingles of documents are read from, ascending (shingles.h); memory or file,
// as the caller likes.
struct ShingleSource {
  std::function<std::uint64_t(std::uint32_t document)> count;
  // Fills `out` with shingles of the document from the `first` least on; there are enough.
  std::function<Status(std::uint32_t document, std::uint64_t first, std::span<std::uint32_t> out)>
      read;
};

// A document as it is compared: its kSketchSize least shingles (min_hash.h) are at hand.
struct SketchedDocument {
  std::uint32_t document = 0;
  std::uint64_t shingles = 0;  // how many it has
  std::vector<std::uint32_t> sketch;
};

// Compares documents with buffers that are used again. One thread at a time; the source must
// outlive it. Memory: 128 KiB, whatever the documents.
class ShingleComparison {
 public:
  ShingleComparison(const ShingleSource& source, double least_similarity);

  // Replaces `out` with a document.
  Status sketch(std::uint32_t document, SketchedDocument& out) const;

  // The Jaccard similarity when it is at least `least_similarity`, else 0. What is at least that is
  // exact: counted over all shingles, not estimated. Two documents that the sketches tell to be
  // less alike by four standard deviations are not read: one of 30,000 that are just alike enough
  // is missed thereby. Documents without shingles are alike to nothing.
  //
  // Shingles are 32-bit hashes: of the similarity of two documents of n shingles about n / 2^32 is
  // chance, 0.00002 of 100,000 words.
  Result<double> similarity(const SketchedDocument& a, const SketchedDocument& b);

 private:
  // Over all shingles of both, as long as `needed` common ones are possible.
  Result<std::uint64_t> common_shingles(const SketchedDocument& a, const SketchedDocument& b,
                                        std::uint64_t needed);

  const ShingleSource& source_;
  const double least_similarity_, least_estimate_;
  std::vector<std::uint32_t> a_, b_;
};

}  // namespace pith
