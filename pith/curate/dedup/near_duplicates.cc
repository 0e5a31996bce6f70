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

// Numbers of documents from the longest to the shortest, the first first among equals.
struct Longer {
  std::span<const std::uint64_t> text_bytes;
  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return text_bytes[a] != text_bytes[b] ? text_bytes[a] > text_bytes[b] : a < b;
  }
};

DuplicateClusters all_alone(std::size_t n) {
  DuplicateClusters clusters;
  clusters.kept.resize(n);
  std::iota(clusters.kept.begin(), clusters.kept.end(), std::uint32_t{0});
  clusters.similarity.assign(n, 0.0f);
  return clusters;
}

class NearDuplicateFinder {
 public:
  NearDuplicateFinder(const SignatureSource& source, std::size_t n, double min_similarity)
      : sets_(n), comparison_(source.shingles, min_similarity), leaders_(kBucketLeaders + 1) {}

  // Compares the documents of one bucket: `bucket` has the same key, ascending numbers.
  Status compare(std::span<const std::pair<std::uint64_t, std::uint32_t>> bucket) {
    std::size_t leaders = 0;
    for (const auto& [key, document] : bucket) {
      const std::uint32_t root = sets_.find(document);
      const auto known = [&](const SketchedDocument& l) { return sets_.find(l.document) == root; };
      const auto leaders_end = leaders_.begin() + static_cast<std::ptrdiff_t>(leaders);
      if (std::any_of(leaders_.begin(), leaders_end, known)) continue;
      SketchedDocument& candidate = leaders_[leaders];
      PITH_TRY(comparison_.sketch(document, candidate));
      bool joined = false;
      for (std::size_t i = 0; i < leaders && !joined; ++i) {
        PITH_ASSIGN(const double similarity, comparison_.similarity(candidate, leaders_[i]));
        joined = similarity > 0;
        if (joined) sets_.join(document, leaders_[i].document);
      }
      if (!joined && leaders < kBucketLeaders) ++leaders;
    }
    return {};
  }

  // Keeps what it takes of every group.
  Result<DuplicateClusters> clusters(std::span<const std::uint64_t> text_bytes) {
    const auto n = static_cast<std::uint32_t>(text_bytes.size());
    DuplicateClusters clusters = all_alone(n);
    std::vector<std::uint32_t> members;  // of groups of two or more
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t root = sets_.find(i);
      if (root == i) continue;
      if (clusters.similarity[root] == 0) members.push_back(root), clusters.similarity[root] = 1;
      members.push_back(i);
    }
    const Longer longer{text_bytes};
    std::sort(members.begin(), members.end(), [&](std::uint32_t a, std::uint32_t b) {
      const std::uint32_t root_a = sets_.find(a), root_b = sets_.find(b);
      return root_a != root_b ? root_a < root_b : longer(a, b);
    });
    for (const std::uint32_t i : members) clusters.similarity[i] = 0;
    for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end) {
      const std::uint32_t root = sets_.find(members[begin]);
      while (end < members.size() && sets_.find(members[end]) == root) ++end;
      PITH_TRY(settle(std::span(members).subspan(begin, end - begin), clusters));
    }
    return clusters;
  }

 private:
  // `group` from the longest to the shortest.
  Status settle(std::span<const std::uint32_t> group, DuplicateClusters& clusters) {
    std::size_t kept = 0;  // the last of them lie in leaders_, in a ring
    SketchedDocument candidate;
    for (const std::uint32_t document : group) {
      PITH_TRY(comparison_.sketch(document, candidate));
      const std::size_t first = kept > kBucketLeaders ? kept - kBucketLeaders : 0;
      for (std::size_t i = first; i < kept && clusters.kept[document] == document; ++i) {
        const SketchedDocument& leader = leaders_[i % kBucketLeaders];
        PITH_ASSIGN(const double similarity, comparison_.similarity(candidate, leader));
        if (similarity == 0) continue;
        clusters.kept[document] = leader.document;
        clusters.similarity[document] = static_cast<float>(similarity);
      }
      if (clusters.kept[document] == document) {
        std::swap(leaders_[kept++ % kBucketLeaders], candidate);
      }
    }
    return {};
  }

  DisjointSets sets_;
  ShingleComparison comparison_;
  std::vector<SketchedDocument> leaders_;  // buffers used again from bucket to bucket
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
  DuplicateClusters clusters = all_alone(shingles.size());
  std::vector<std::uint32_t> order = clusters.kept, kept;
  std::sort(order.begin(), order.end(), Longer{text_bytes});
  for (const std::uint32_t i : order) {
    if (shingles[i].empty()) continue;
    const auto alike = std::ranges::find_if(
        kept, [&](std::uint32_t k) { return jaccard(shingles[i], shingles[k]) >= min_similarity; });
    if (alike == kept.end()) {
      kept.push_back(i);
      continue;
    }
    clusters.kept[i] = *alike;
    clusters.similarity[i] = static_cast<float>(jaccard(shingles[i], shingles[*alike]));
  }
  return clusters;
}

}  // namespace pith
