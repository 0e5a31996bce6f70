#include "pith/curate/dedup/near_duplicates.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "pith/base/check.h"
#include "pith/curate/dedup/min_hash.h"
#include "pith/curate/dedup/shingles.h"

namespace pith {
namespace {

// Union-find by least number, with path halving.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t n) : parent_(n) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }
  std::uint32_t find(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a), b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

// Names the longest of every set as the kept one.
std::vector<std::uint32_t> longest_of_each(DisjointSets& sets,
                                           std::span<const std::uint64_t> text_bytes) {
  const auto n = static_cast<std::uint32_t>(text_bytes.size());
  std::vector<std::uint32_t> longest(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t root = sets.find(i);  // the least number, so longest[root] is set already
    if (root == i || text_bytes[i] > text_bytes[longest[root]]) longest[root] = i;
  }
  std::vector<std::uint32_t> kept(n);
  for (std::uint32_t i = 0; i < n; ++i) kept[i] = longest[sets.find(i)];
  return kept;
}

struct Leader {
  std::uint32_t document;
  std::vector<std::uint32_t> sketch;
};

class NearDuplicateFinder {
 public:
  NearDuplicateFinder(const SignatureSource& source, std::size_t n, double min_similarity)
      : source_(source), min_similarity_(min_similarity), sets_(n), similarity_(n) {}

  // Compares the documents of one bucket: `bucket` has the same key, ascending numbers.
  Status compare(std::span<const std::pair<std::uint64_t, std::uint32_t>> bucket) {
    std::size_t leaders = 0;
    for (const auto& [key, document] : bucket) {
      const std::uint32_t root = sets_.find(document);
      const auto known = [&](const Leader& l) { return sets_.find(l.document) == root; };
      const auto leaders_end = leaders_.begin() + static_cast<std::ptrdiff_t>(leaders);
      if (std::any_of(leaders_.begin(), leaders_end, known)) continue;
      if (leaders_.size() == leaders) leaders_.emplace_back();
      Leader& candidate = leaders_[leaders];
      PITH_TRY(source_.sketch(document, candidate.sketch));
      if (candidate.sketch.empty()) continue;
      candidate.document = document;
      bool joined = false;
      for (std::size_t i = 0; i < leaders && !joined; ++i) {
        const double similarity = sketch_similarity(candidate.sketch, leaders_[i].sketch);
        if (similarity < min_similarity_) continue;
        joined = true;
        sets_.join(document, leaders_[i].document);
        for (const std::uint32_t member : {document, leaders_[i].document}) {
          similarity_[member] = std::max(similarity_[member], static_cast<float>(similarity));
        }
      }
      if (!joined && leaders < kBucketLeaders) ++leaders;
    }
    return {};
  }

  DuplicateClusters clusters(std::span<const std::uint64_t> text_bytes) {
    return {longest_of_each(sets_, text_bytes), std::move(similarity_)};
  }

 private:
  const SignatureSource& source_;
  const double min_similarity_;
  DisjointSets sets_;
  std::vector<float> similarity_;
  std::vector<Leader> leaders_;  // buffers used again from bucket to bucket
};

}  // namespace

DuplicateClusters exact_duplicates(std::span<const Hash128> hashes) {
  std::vector<std::uint32_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return hashes[a] != hashes[b] ? hashes[a] < hashes[b] : a < b;
  });
  DuplicateClusters clusters;
  clusters.kept.resize(hashes.size());
  clusters.similarity.assign(hashes.size(), 0.0f);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool copy = i > 0 && hashes[order[i]] == hashes[order[i - 1]];
    clusters.kept[order[i]] = copy ? clusters.kept[order[i - 1]] : order[i];
    if (copy) clusters.similarity[order[i]] = clusters.similarity[order[i - 1]] = 1.0f;
  }
  return clusters;
}

Result<DuplicateClusters> near_duplicates(const SignatureSource& source,
                                          std::span<const std::uint64_t> text_bytes,
                                          std::span<const std::uint8_t> excluded,
                                          double min_similarity, const Context& context) {
  PITH_CHECK(excluded.size() == text_bytes.size(), "one mark and one length per document");
  const std::size_t n = text_bytes.size();
  NearDuplicateFinder finder(source, n, min_similarity);
  std::vector<std::uint64_t> keys;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted;
  for (std::size_t band = 0; band < kBands; ++band) {
    if (context.stopped()) {
      return Error{ErrorKind::kInterrupted, "[curate] stopped while near-duplicates were sought"};
    }
    context.progress({"near duplicates", band, kBands, "bands", ""});
    PITH_TRY(source.band_keys(band, keys));
    PITH_CHECK(keys.size() == n, "one key per document");
    sorted.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (excluded[i] == 0) sorted.emplace_back(keys[i], static_cast<std::uint32_t>(i));
    }
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
      while (end < sorted.size() && sorted[end].first == sorted[begin].first) ++end;
      if (end - begin > 1) {
        PITH_TRY(finder.compare(std::span(sorted).subspan(begin, end - begin)));
      }
    }
  }
  context.progress({"near duplicates", kBands, kBands, "bands", ""});
  return finder.clusters(text_bytes);
}

DuplicateClusters near_duplicates_ref(const std::vector<std::vector<std::uint32_t>>& shingles,
                                      std::span<const std::uint64_t> text_bytes,
                                      double min_similarity) {
  DisjointSets sets(shingles.size());
  std::vector<float> similarity(shingles.size());
  for (std::uint32_t a = 0; a < shingles.size(); ++a) {
    for (std::uint32_t b = 0; b < a; ++b) {
      const double s = jaccard(shingles[a], shingles[b]);
      if (s < min_similarity || shingles[a].empty()) continue;
      sets.join(a, b);
      similarity[a] = std::max(similarity[a], static_cast<float>(s));
      similarity[b] = std::max(similarity[b], static_cast<float>(s));
    }
  }
  return {longest_of_each(sets, text_bytes), std::move(similarity)};
}

}  // namespace pith
