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
//
// A document is a vector of its terms (terms/term_counts.h), each weighing
//
//     (1 + ln times in the document) * ln(sampled documents / those of them that have the term)
//
// (TF-IDF; Salton and Buckley 1988), the heaviest alone, scaled to length 1. Spherical k-means over
// the vectors of a sample (spherical_k_means.h) gives the lower level, Ward's method (1963) over
// its centroids the upper one, of as many groups as the square root of the topics' number. A topic
// is named by the terms that are more frequent in it than in documents of the same languages
// (topic_names.h).
namespace pith {

struct TopicOptions {
  // Of the lower level, at most; 0: half the square root of the documents' number, 4 to 96.
  std::size_t topics = 0;
  // Terms that count: the most frequent, without those of one document or of more than half of all.
  std::size_t vocabulary = 1 << 16;
  std::size_t terms = 64;   // of a document that count: those that say most
  std::size_t rounds = 15;  // of k-means at most
};

struct Topic {
  std::string name;                  // "kernel, module, driver"
  std::vector<std::string> terms;    // what sets it apart, the strongest first, at most 12
  std::uint32_t group = 0;           // of the upper level, in groups()
  double share = 0;                  // 0..1 of the sampled documents
  std::uint64_t representative = 0;  // key of the sampled document nearest to its middle
};
struct TopicGroup {
  std::string name;  // as that of a topic
  double share = 0;  // 0..1 of the sampled documents
};

// Threads: const once learned; any number may read and assign. Lifetime: owns all it needs, nothing
// of the sample. Memory: 4 bytes for every term of every topic (24 MiB at most by default) and some
// 40 for a term; while it learns 8 bytes for a term of every document besides, and LanguageTerms.
class TopicModel {
 public:
  // Learns from a sample (ascending by key; TopicSample::take) on context.threads threads. The same
  // sample and seed give the same model on any number of them. Without documents there are no
  // topics; no error is possible. Time: rounds times terms of all documents times topics.
  static TopicModel learn(const std::vector<SampledDocument>& sample, const TopicOptions& options,
                          const Context& context);

  // By falling share: a topic's number is its place here.
  const std::vector<Topic>& topics() const { return topics_; }
  const std::vector<TopicGroup>& groups() const { return groups_; }

  using Entries = std::vector<std::pair<float, std::uint32_t>>;  // weight and term

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Assignment {
    std::uint32_t topic = kNone;  // in topics(); kNone: no term of the text is in the vocabulary
    // 0..1: exp(12 cosine) with its topic's centroid, of the sum of that over all topics.
    float confidence = 0;
  };
  // Working memory of one thread, to use again.
  struct Scratch {
    TermCounts terms;
    Entries entries;
    SparseVectors vector;
    std::vector<float> cosines;
  };
  // The topic whose centroid is nearest to `text` (valid UTF-8), by cosine. Time: terms of the text
  // that count times topics.
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
