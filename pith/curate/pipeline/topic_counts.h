#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/cluster/topic_model.h"
#include "pith/formats/documents.h"

namespace pith {

// Gives documents their topics and counts them: the map of what a corpus is about. One thread at a
// time; counts of parts are added up, in any order, to those of the whole. The model must outlive
// it.
class TopicCounts {
 public:
  explicit TopicCounts(const TopicModel& model);

  // Sets the document's topic. `key` is the hash of its text that the model's sample had.
  void add(std::uint64_t key, Document& document, TopicModel::Scratch& scratch);

  void add(const TopicCounts& other);

  // Groups by falling share of the documents, each with its topics: "name", "documents", "bytes",
  // and of topics "terms" and "example": "id", "title" and a sentence of the document nearest to
  // the topic's middle.
  Json to_json() const;

 private:
  struct Count {
    std::uint64_t documents = 0, bytes = 0;
    std::string id, title, sentence;  // of the representative
  };
  const TopicModel* model_;
  std::vector<Count> counts_;
};

}  // namespace pith
