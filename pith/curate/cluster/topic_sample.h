#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pith/curate/terms/term_counts.h"

namespace pith {

// What is remembered of a document for topics: its most frequent terms.
struct SampledTerm {
  std::uint64_t hash = 0;
  std::uint32_t count = 0;
  std::string surface;  // as the document writes it first, in lower case
};
struct SampledDocument {
  std::uint64_t key = 0;
  std::string language;            // "de"; "" where nobody asked
  std::vector<SampledTerm> terms;  // by falling count, then hash
};

inline constexpr std::size_t kTopicTerms = 160;  // of a document that are remembered

// `key` is a hash of the text. Any thread, each with counts of its own.
SampledDocument sample_document(std::uint64_t key, std::string_view text, TermCounts& counts,
                                std::string_view language = {});

// A sample of documents that does not depend on their order: those of least key. One thread at a
// time.
class TopicSample {
 public:
  explicit TopicSample(std::size_t size) : size_(size) {}

  // A document without terms is passed over.
  void add(SampledDocument document);

  std::vector<SampledDocument> take();  // ascending by key; the sample is then empty

 private:
  const std::size_t size_;
  std::vector<SampledDocument> heap_;  // the largest key first
};

}  // namespace pith
