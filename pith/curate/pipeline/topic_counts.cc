#include "pith/curate/pipeline/topic_counts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "pith/curate/summarise/extractive_summary.h"

namespace pith {

TopicCounts::TopicCounts(const TopicModel& model)
    : model_(&model), counts_(model.topics().size()) {}

void TopicCounts::add(std::uint64_t key, Document& document, TopicModel::Scratch& scratch) {
  const TopicModel::Assignment assigned = model_->assign(document.text, scratch);
  if (assigned.topic == TopicModel::kNone) return;
  const Topic& topic = model_->topics()[assigned.topic];
  document.topic = topic.name;
  document.topic_score = static_cast<double>(assigned.confidence);
  Count& count = counts_[assigned.topic];
  count.documents += 1;
  count.bytes += document.text.size();
  if (key == topic.representative) {
    count.id = document.id;
    count.title = document.title;
    count.sentence = summarise(document.text, {.sentences = 1, .longest = 300});
  }
}

void TopicCounts::add(const TopicCounts& other) {
  for (std::size_t t = 0; t < counts_.size(); ++t) {
    Count& count = counts_[t];
    const Count& more = other.counts_[t];
    count.documents += more.documents;
    count.bytes += more.bytes;
    if (more.id.empty()) continue;
    count.id = more.id, count.title = more.title, count.sentence = more.sentence;
  }
}

Json TopicCounts::to_json() const {
  const std::size_t n = model_->groups().size();
  std::vector<Count> sums(n);
  std::vector<Json> topics(n, Json::array());
  for (std::size_t t = 0; t < counts_.size(); ++t) {
    const Topic& topic = model_->topics()[t];
    const Count& count = counts_[t];
    sums[topic.group].documents += count.documents;
    sums[topic.group].bytes += count.bytes;
    Json json = Json::object();
    json.set("name", topic.name);
    json.set("documents", count.documents);
    json.set("bytes", count.bytes);
    Json terms = Json::array();
    for (const std::string& term : topic.terms) terms.push_back(term);
    json.set("terms", std::move(terms));
    Json example = Json::object();
    example.set("id", count.id);
    example.set("title", count.title);
    example.set("sentence", count.sentence);
    json.set("example", std::move(example));
    topics[topic.group].push_back(std::move(json));
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sums[a].documents > sums[b].documents;
  });
  Json groups = Json::array();
  for (const std::size_t g : order) {
    Json json = Json::object();
    json.set("name", model_->groups()[g].name);
    json.set("documents", sums[g].documents);
    json.set("bytes", sums[g].bytes);
    json.set("topics", std::move(topics[g]));
    groups.push_back(std::move(json));
  }
  return groups;
}

}  // namespace pith
