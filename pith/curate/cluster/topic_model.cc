#include "pith/curate/cluster/topic_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pith/curate/cluster/language_terms.h"
#include "pith/curate/cluster/topic_names.h"

namespace pith {
namespace {

constexpr double kCommonest = 0.5;  // share of documents above which a term says nothing
constexpr double kSharpness = 12;  // of confidence: how fast it falls with the lead
constexpr std::size_t kShownTerms = 12;

std::size_t topics_for(std::size_t documents) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::sqrt(documents) / 2), 4, 96);
}

// Joins the two groups of topics whose joining costs least, until `count` are left: Ward's method
// on the topics' centroids, weighted by their sizes, which keeps groups of like size (Lance and
// Williams 1967 for the distances to a joined group). The group of every topic.
std::vector<std::uint32_t> group_topics(const Centroids& centroids, std::size_t terms,
                                        std::vector<double> sizes, std::size_t count) {
  const std::size_t k = centroids.k;
  std::vector<double> cost(k * k);  // of joining two groups
  for (std::size_t t = 0; t < terms; ++t) {
    const float* const row = centroids.values.data() + t * k;
    for (std::size_t a = 0; a < k; ++a) {
      if (row[a] == 0) continue;
      for (std::size_t b = 0; b < k; ++b) {
        cost[a * k + b] += static_cast<double>(row[a]) * static_cast<double>(row[b]);
      }
    }
  }
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) {
      const double weight = sizes[a] * sizes[b] / (sizes[a] + sizes[b]);
      cost[a * k + b] = weight * 2 * (1 - cost[a * k + b]);
    }
  }
  std::vector<std::vector<std::uint32_t>> groups;
  std::vector<std::size_t> alive;
  for (std::uint32_t c = 0; c < k; ++c) groups.push_back({c}), alive.push_back(c);
  while (alive.size() > count) {
    std::size_t first = 0, second = 0;
    double least = -1;
    for (const std::size_t a : alive) {
      for (const std::size_t b : alive) {
        if (b <= a || (least >= 0 && cost[a * k + b] >= least)) continue;
        least = cost[a * k + b], first = a, second = b;
      }
    }
    for (const std::size_t c : alive) {
      if (c == first || c == second) continue;
      const double now = ((sizes[first] + sizes[c]) * cost[first * k + c] +
                          (sizes[second] + sizes[c]) * cost[second * k + c] - sizes[c] * least) /
                         (sizes[first] + sizes[second] + sizes[c]);
      cost[first * k + c] = cost[c * k + first] = now;
    }
    sizes[first] += sizes[second];
    groups[first].insert(groups[first].end(), groups[second].begin(), groups[second].end());
    std::erase(alive, second);
  }
  std::vector<std::uint32_t> group_of(k);
  for (std::uint32_t g = 0; g < alive.size(); ++g) {
    for (const std::uint32_t c : groups[alive[g]]) group_of[c] = g;
  }
  return group_of;
}

}  // namespace

// Terms weigh (1 + ln count) idf.
void TopicModel::add_entry(std::uint64_t hash, std::uint32_t count, Entries& entries) const {
  const auto place = vocabulary_.find(hash);
  if (place == vocabulary_.end()) return;
  entries.emplace_back((1 + std::log(static_cast<float>(count))) * idf_[place->second],
                       place->second);
}

// The heaviest count.
void TopicModel::add_vector(Entries& entries, SparseVectors& vectors) const {
  const std::size_t left = std::min(entries.size(), options_.terms);
  std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(left),
                    entries.end(), [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  entries.resize(left);
  std::vector<std::uint32_t> ids;
  std::vector<float> weights;
  for (const auto& [weight, id] : entries) ids.push_back(id), weights.push_back(weight);
  vectors.add(ids, weights);
}

TopicModel TopicModel::learn(const std::vector<SampledDocument>& sample,
                             const TopicOptions& options, const Context& context) {
  TopicModel model;
  model.options_ = options;
  if (sample.empty()) return model;
  const auto n = static_cast<double>(sample.size());

  // Vocabulary: by falling number of documents.
  const LanguageTerms languages(sample);
  const double commonest = std::max(4.0, kCommonest * n);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> counted;
  for (const auto& [hash, count] : languages.counts()) {
    if (count >= 2 && count <= commonest) counted.emplace_back(count, hash);
  }
  std::sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (counted.size() > options.vocabulary) counted.resize(options.vocabulary);
  for (const auto& [count, hash] : counted) {
    model.vocabulary_.emplace(hash, static_cast<std::uint32_t>(model.idf_.size()));
    model.idf_.push_back(static_cast<float>(std::log(n / count)));
  }

  SparseVectors vectors;
  Entries entries;
  for (const SampledDocument& document : sample) {
    entries.clear();
    for (const SampledTerm& term : document.terms) {
      model.add_entry(term.hash, term.count, entries);
    }
    model.add_vector(entries, vectors);
  }
  const std::size_t wanted = options.topics > 0 ? options.topics : topics_for(sample.size());
  Clusters clusters =
      spherical_k_means(vectors, model.idf_.size(), wanted, options.rounds, context);
  model.centroids_ = std::move(clusters.centroids);
  const std::size_t k = model.centroids_.k;

  // Topics by falling size.
  std::vector<std::size_t> sizes(k);
  for (const std::uint32_t c : clusters.of) ++sizes[c];
  std::vector<std::uint32_t> by_size(k);
  std::iota(by_size.begin(), by_size.end(), 0u);
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
  model.order_.resize(k);
  for (std::uint32_t topic = 0; topic < k; ++topic) model.order_[by_size[topic]] = topic;

  const auto upper = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(k))));
  const auto cluster_groups =
      group_topics(model.centroids_, model.idf_.size(), {sizes.begin(), sizes.end()}, upper);
  std::vector<std::uint32_t> topic_of(sample.size()), group_of(sample.size());
  for (std::size_t i = 0; i < sample.size(); ++i) {
    topic_of[i] = model.order_[clusters.of[i]];
    group_of[i] = cluster_groups[clusters.of[i]];
  }
  const auto names = distinguishing_terms(sample, languages, topic_of, k, kShownTerms);
  model.topics_.resize(k);
  for (std::size_t c = 0; c < k; ++c) {
    Topic& topic = model.topics_[model.order_[c]];
    topic.terms = names[model.order_[c]];
    topic.name = topic_name(topic.terms);
    topic.group = cluster_groups[c];
    topic.share = static_cast<double>(sizes[c]) / n;
  }
  std::vector<float> nearest(k, -1), cosines(k);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    model.centroids_.compare(vectors.terms_of(i), vectors.weights_of(i), cosines);
    const std::uint32_t topic = topic_of[i];
    if (cosines[clusters.of[i]] <= nearest[topic]) continue;
    nearest[topic] = cosines[clusters.of[i]];
    model.topics_[topic].representative = sample[i].key;
  }
  const std::size_t groups =
      cluster_groups.empty() ? 0 : *std::ranges::max_element(cluster_groups) + 1;
  model.groups_.resize(groups);
  const auto group_names = distinguishing_terms(sample, languages, group_of, groups, kShownTerms);
  for (std::size_t g = 0; g < groups; ++g) model.groups_[g].name = topic_name(group_names[g]);
  for (const std::uint32_t g : group_of) model.groups_[g].share += 1 / n;
  return model;
}

TopicModel::Assignment TopicModel::assign(std::string_view text, Scratch& scratch) const {
  if (topics_.empty()) return {};
  scratch.entries.clear();
  for (const CountedTerm& term : scratch.terms.count(text)) {
    add_entry(term.hash, term.count, scratch.entries);
  }
  scratch.vector = SparseVectors();
  add_vector(scratch.entries, scratch.vector);
  if (scratch.vector.terms.empty()) return {};
  scratch.cosines.resize(centroids_.k);
  centroids_.compare(scratch.vector.terms_of(0), scratch.vector.weights_of(0), scratch.cosines);
  const auto best = std::ranges::max_element(scratch.cosines);
  double sum = 0;
  for (const float cosine : scratch.cosines) {
    sum += std::exp(kSharpness * static_cast<double>(cosine - *best));
  }
  return {order_[static_cast<std::size_t>(best - scratch.cosines.begin())],
          static_cast<float>(1 / sum)};
}

}  // namespace pith
