#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pith/base/context.h"
#include "pith/curate/cluster/spherical_k_means.h"
#include "pith/curate/cluster/topic_sample.h"
#include "pith/curate/terms/term_counts.h"

// Topics that come out of the documents themselves, in two levels, named by what sets each apart.
namespace pith {

struct TopicOptions {
  std::size_t topics = 0;  // of the lower level; 0: as many as the documents give, 4 to 96
  std::size_t vocabulary = 1 << 16;  // terms that count: the most frequent but the commonest
  std::size_t terms = 64;            // of a document that count: those that say most
  std::size_t rounds = 15;           // of k-means at most
};

struct Topic {
  std::string name;                  // "kernel, module, driver"
  std::vector<std::string> terms;    // what sets it apart, the strongest first, at most 12
  std::uint32_t group = 0;           // of the upper level, in groups()
  double share = 0;                  // of the sampled documents
  std::uint64_t representative = 0;  // key of the sampled document nearest to its middle
};
struct TopicGroup {
  std::string name;
  double share = 0;
};

class TopicModel {
 public:
  // Learns from a sample (ascending by key; TopicSample::take). The same sample and seed give the
  // same model on any number of threads. Without documents there are no topics.
  static TopicModel learn(const std::vector<SampledDocument>& sample, const TopicOptions& options,
                          const Context& context);

  // By falling share.
  const std::vector<Topic>& topics() const { return topics_; }
  const std::vector<TopicGroup>& groups() const { return groups_; }

  using Entries = std::vector<std::pair<float, std::uint32_t>>;  // weight and term

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Assignment {
    std::uint32_t topic = kNone;  // in topics(); kNone: no term of the text is in the vocabulary
    float confidence = 0;         // 0..1: how far its topic is ahead of the others
  };
  struct Scratch {
    TermCounts terms;
    Entries entries;
    SparseVectors vector;
    std::vector<float> cosines;
  };
  // Any number of threads, each with scratch of its own.
  Assignment assign(std::string_view text, Scratch& scratch) const;

 private:
  void add_entry(std::uint64_t hash, std::uint32_t count, Entries& entries) const;
  void add_vector(Entries& entries, SparseVectors& vectors) const;

  TopicOptions options_;
  std::unordered_map<std::uint64_t, std::uint32_t> vocabulary_;  // hash to term
  std::vector<float> idf_;
  Centroids centroids_;
  std::vector<std::uint32_t> order_;  // cluster to topic
  std::vector<Topic> topics_;
  std::vector<TopicGroup> groups_;
};

}  // namespace pith
