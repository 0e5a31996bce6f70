#include "pith/curate/cluster/topic_sample.h"

#include <algorithm>
#include <utility>

#include "pith/curate/terms/terms.h"
#include "pith/text/unicode.h"

namespace pith {
namespace {

bool by_key(const SampledDocument& a, const SampledDocument& b) { return a.key < b.key; }

bool more_frequent(const SampledTerm& a, const SampledTerm& b) {
  return a.count != b.count ? a.count > b.count : a.hash < b.hash;
}

// The terms of `text` with their counts, all of them in no order.
void count_terms(std::string_view text, std::unordered_map<std::uint64_t, SampledTerm>& counts) {
  counts.clear();
  for_each_term(text, [&](std::uint64_t hash, std::string_view surface) {
    SampledTerm& term = counts[hash];
    if (term.count++ == 0) {
      term.hash = hash;
      term.surface = lower_text(surface);
    }
  });
}

}  // namespace

void TopicSample::add(std::uint64_t key, std::string_view text) {
  ++seen_;
  if (size_ == 0 || (heap_.size() == size_ && key >= heap_.front().key)) return;
  count_terms(text, counts_);
  if (counts_.empty()) return;
  SampledDocument document{.key = key, .terms = {}};
  for (auto& [hash, term] : counts_) document.terms.push_back(std::move(term));
  std::sort(document.terms.begin(), document.terms.end(), more_frequent);
  if (document.terms.size() > kTerms) document.terms.resize(kTerms);
  document.terms.shrink_to_fit();
  if (heap_.size() == size_) {
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
