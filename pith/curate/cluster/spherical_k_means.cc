#include "pith/curate/cluster/spherical_k_means.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "pith/base/random.h"
#include "pith/base/threads.h"

namespace pith {
namespace {

constexpr std::size_t kVectorsAtOnce = 256;

// Chooses vectors to begin with: each in proportion to the square of its distance from those
// before, the best of a few candidates (greedy k-means++, as in scikit-learn).
class FarApart {
 public:
  FarApart(const SparseVectors& vectors, std::size_t terms, std::uint64_t seed)
      : vectors_(vectors), random_(seed, "k_means"), distances_(vectors.size(), 1), dense_(terms) {}

  std::vector<std::size_t> choose(std::size_t k) {
    std::vector<std::size_t> chosen = {random_.below(vectors_.size())};
    distances_ = with(chosen[0]);
    const auto candidates = 2 + static_cast<std::size_t>(std::log(static_cast<double>(k)));
    while (chosen.size() < k) {
      const double sum = std::accumulate(distances_.begin(), distances_.end(), 0.0);
      if (sum < 1e-9) break;  // nothing different is left
      std::size_t best = 0;
      std::vector<double> best_distances;
      double best_sum = sum;
      for (std::size_t c = 0; c < candidates; ++c) {
        const std::size_t candidate = draw(sum);
        std::vector<double> distances = with(candidate);
        const double now = std::accumulate(distances.begin(), distances.end(), 0.0);
        if (!best_distances.empty() && now >= best_sum) continue;
        best = candidate, best_sum = now, best_distances = std::move(distances);
      }
      chosen.push_back(best);
      distances_ = std::move(best_distances);
    }
    return chosen;
  }

 private:
  std::size_t draw(double sum) {
    double place = random_.uniform() * sum;
    std::size_t i = 0;
    for (; i + 1 < distances_.size(); ++i) {
      place -= distances_[i];
      if (place < 0) break;
    }
    return i;
  }

  // Squares of the distances, were vector `chosen` among those chosen.
  std::vector<double> with(std::size_t chosen) {
    std::vector<double> distances = distances_;
    for (std::size_t t = 0; t < vectors_.terms_of(chosen).size(); ++t) {
      dense_[vectors_.terms_of(chosen)[t]] = vectors_.weights_of(chosen)[t];
    }
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      double cosine = 0;
      for (std::size_t t = 0; t < vectors_.terms_of(i).size(); ++t) {
        cosine += static_cast<double>(dense_[vectors_.terms_of(i)[t]] * vectors_.weights_of(i)[t]);
      }
      const double distance = std::max(0.0, 1 - cosine);
      distances[i] = std::min(distances[i], distance * distance);
    }
    for (const std::uint32_t term : vectors_.terms_of(chosen)) dense_[term] = 0;
    return distances;
  }

  const SparseVectors& vectors_;
  Random random_;
  std::vector<double> distances_;  // squared, to the nearest of those chosen
  std::vector<float> dense_;       // a vector, spread out
};

// The mean directions of the clusters. A cluster without vectors gets the vector that is worst off
// where it is. False when nothing is left to give.
void set_centroids(const SparseVectors& vectors, std::size_t terms, Clusters& clusters,
                   std::vector<float>& best) {
  const std::size_t k = clusters.centroids.k;
  std::vector<std::size_t> sizes(k);
  for (const std::uint32_t c : clusters.of) ++sizes[c];
  for (std::size_t c = 0; c < k; ++c) {
    if (sizes[c] > 0) continue;
    const auto worst = std::min_element(best.begin(), best.end()) - best.begin();
    const auto i = static_cast<std::size_t>(worst);
    if (sizes[clusters.of[i]] <= 1) continue;
    --sizes[clusters.of[i]];
    clusters.of[i] = static_cast<std::uint32_t>(c);
    best[i] = 1;
    sizes[c] = 1;
  }
  auto& values = clusters.centroids.values;
  values.assign(terms * k, 0.0f);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    for (std::size_t t = 0; t < vectors.terms_of(i).size(); ++t) {
      values[vectors.terms_of(i)[t] * k + clusters.of[i]] += vectors.weights_of(i)[t];
    }
  }
  std::vector<double> lengths(k);
  for (std::size_t t = 0; t < terms; ++t) {
    for (std::size_t c = 0; c < k; ++c) {
      const auto value = static_cast<double>(values[t * k + c]);
      lengths[c] += value * value;
    }
  }
  for (double& length : lengths) length = std::max(std::sqrt(length), 1e-30);
  for (std::size_t t = 0; t < terms; ++t) {
    for (std::size_t c = 0; c < k; ++c) values[t * k + c] /= static_cast<float>(lengths[c]);
  }
}

// Every vector to its nearest centroid, the first among equals; whether any moved.
bool assign(const SparseVectors& vectors, ThreadPool& pool, Clusters& clusters,
            std::vector<float>& best) {
  std::vector<std::uint8_t> moved(vectors.size());
  pool.parallel_for(
      vectors.size(), kVectorsAtOnce, [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<float> cosines(clusters.centroids.k);
        for (std::size_t i = begin; i < end; ++i) {
          clusters.centroids.compare(vectors.terms_of(i), vectors.weights_of(i), cosines);
          const auto top = std::max_element(cosines.begin(), cosines.end());
          const auto c = static_cast<std::uint32_t>(top - cosines.begin());
          moved[i] = c != clusters.of[i];
          clusters.of[i] = c;
          best[i] = *top;
        }
      });
  return std::find(moved.begin(), moved.end(), 1) != moved.end();
}

// Takes away the clusters that nothing is in.
void remove_empty(std::size_t terms, Clusters& clusters) {
  const std::size_t k = clusters.centroids.k;
  std::vector<std::size_t> sizes(k);
  for (const std::uint32_t c : clusters.of) ++sizes[c];
  std::vector<std::uint32_t> number(k);
  std::uint32_t left = 0;
  for (std::size_t c = 0; c < k; ++c) {
    number[c] = left;
    left += sizes[c] > 0 ? 1 : 0;
  }
  if (left == k) return;
  std::vector<float> values(terms * left);
  for (std::size_t t = 0; t < terms; ++t) {
    for (std::size_t c = 0; c < k; ++c) {
      if (sizes[c] > 0) values[t * left + number[c]] = clusters.centroids.values[t * k + c];
    }
  }
  for (std::uint32_t& c : clusters.of) c = number[c];
  clusters.centroids = {left, std::move(values)};
}

}  // namespace

void SparseVectors::add(std::span<const std::uint32_t> new_terms,
                        std::span<const float> new_weights) {
  double square = 0;
  for (const float w : new_weights) square += static_cast<double>(w) * static_cast<double>(w);
  const auto scale = static_cast<float>(square > 0 ? 1 / std::sqrt(square) : 0);
  terms.insert(terms.end(), new_terms.begin(), new_terms.end());
  for (const float w : new_weights) weights.push_back(w * scale);
  begins.push_back(terms.size());
}

void Centroids::compare(std::span<const std::uint32_t> terms, std::span<const float> weights,
                        std::span<float> cosines) const {
  std::fill(cosines.begin(), cosines.end(), 0.0f);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const float* const row = values.data() + terms[t] * k;
    const float weight = weights[t];
    for (std::size_t c = 0; c < k; ++c) cosines[c] += weight * row[c];
  }
}

Clusters spherical_k_means(const SparseVectors& vectors, std::size_t terms, std::size_t k,
                           std::size_t rounds, const Context& context) {
  Clusters clusters;
  clusters.of.assign(vectors.size(), 0);
  if (vectors.size() == 0) return clusters;
  const auto first = FarApart(vectors, terms, context.seed).choose(std::min(k, vectors.size()));
  clusters.centroids.k = first.size();
  clusters.centroids.values.assign(terms * first.size(), 0.0f);
  for (std::size_t c = 0; c < first.size(); ++c) {
    for (std::size_t t = 0; t < vectors.terms_of(first[c]).size(); ++t) {
      clusters.centroids.values[vectors.terms_of(first[c])[t] * first.size() + c] =
          vectors.weights_of(first[c])[t];
    }
  }
  ThreadPool pool(std::max(1, context.threads));
  std::vector<float> best(vectors.size());
  assign(vectors, pool, clusters, best);
  for (std::size_t round = 0; round < rounds && !context.stopped(); ++round) {
    set_centroids(vectors, terms, clusters, best);
    if (!assign(vectors, pool, clusters, best)) break;
  }
  remove_empty(terms, clusters);
  return clusters;
}

}  // namespace pith
