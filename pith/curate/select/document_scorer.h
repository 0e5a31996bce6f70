#pragma once

#include <memory>
#include <vector>

#include "pith/base/random.h"
#include "pith/curate/select/document_words.h"

// What every way to choose documents comes down to: a score of one document.
namespace pith {

// Immutable once learned. Threads: any number may ask.
class DocumentScorer {
 public:
  virtual ~DocumentScorer() = default;
  // The higher, the more wanted; the scale is each scorer's own (trained_scorer.h makes
  // probabilities of it).
  virtual double score(const DocumentWords& document) const = 0;
};

// What a scorer learns from; neither list is empty. The others are a sample of the documents to
// choose from, and so may hold some of the kind wanted.
struct ScorerExamples {
  std::vector<const DocumentWords*> wanted, others;
};

// The same lists and random numbers give the same scorer.
using LearnScorer = std::unique_ptr<DocumentScorer> (*)(const ScorerExamples&, Random);

}  // namespace pith
