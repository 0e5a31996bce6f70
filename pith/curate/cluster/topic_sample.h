#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pith {

// What is remembered of a document for topics: its most frequent terms.
struct SampledTerm {
  std::uint64_t hash = 0;
  std::uint32_t count = 0;
  std::string surface;  // as the document writes it first, in lower case
};
struct SampledDocument {
  std::uint64_t key = 0;
  std::vector<SampledTerm> terms;  // by falling count, then hash
};

// A sample of documents that does not depend on their order: those of least key. One thread at a
// time.
class TopicSample {
 public:
  static constexpr std::size_t kTerms = 160;  // of a document that are remembered

  explicit TopicSample(std::size_t size) : size_(size) {}

  // `key` is a hash of the text. A document without terms is passed over.
  void add(std::uint64_t key, std::string_view text);

  std::uint64_t documents_seen() const { return seen_; }
  std::vector<SampledDocument> take();  // ascending by key; the sample is then empty

 private:
  const std::size_t size_;
  std::uint64_t seen_ = 0;
  std::vector<SampledDocument> heap_;                      // the largest key first
  std::unordered_map<std::uint64_t, SampledTerm> counts_;  // scratch
};

}  // namespace pith
