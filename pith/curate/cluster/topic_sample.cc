#include "pith/curate/cluster/topic_sample.h"

#include <algorithm>
#include <utility>

#include "pith/text/unicode.h"

namespace pith {
namespace {

bool by_key(const SampledDocument& a, const SampledDocument& b) { return a.key < b.key; }

bool more_frequent(const CountedTerm& a, const CountedTerm& b) {
  return a.count != b.count ? a.count > b.count : a.hash < b.hash;
}

}  // namespace

SampledDocument sample_document(std::uint64_t key, std::string_view text, TermCounts& counts,
                                std::string_view language) {
  const std::span<const CountedTerm> counted = counts.count(text);
  std::vector<CountedTerm> terms(counted.begin(), counted.end());
  const std::size_t left = std::min(terms.size(), kTopicTerms);
  std::partial_sort(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(left), terms.end(),
                    more_frequent);
  SampledDocument document{.key = key, .language = std::string(language), .terms = {}};
  document.terms.reserve(left);
  for (std::size_t i = 0; i < left; ++i) {
    document.terms.push_back({terms[i].hash, terms[i].count, lower_text(terms[i].surface)});
  }
  return document;
}

void TopicSample::add(SampledDocument document) {
  if (size_ == 0 || document.terms.empty()) return;
  if (heap_.size() == size_) {
    if (document.key >= heap_.front().key) return;
    std::pop_heap(heap_.begin(), heap_.end(), by_key);
    heap_.pop_back();
  }
  heap_.push_back(std::move(document));
  std::push_heap(heap_.begin(), heap_.end(), by_key);
}

std::vector<SampledDocument> TopicSample::take() {
  std::sort(heap_.begin(), heap_.end(), by_key);
  return std::exchange(heap_, {});
}

}  // namespace pith
