#pragma once

#include <cstddef>
#include <memory>

#include "pith/curate/select/document_scorer.h"

// DSIR (Xie et al. 2023): a document's importance weight is how much more likely it is as a bag of
// hashed words and pairs of words of the examples than of all documents. Sampling by these weights
// (SelectionRule::noise) gives documents distributed like the examples.
namespace pith {

inline constexpr std::size_t kImportanceBuckets = 10'000;

// The logarithm of the weight, as published: a sum over the n-grams, so that long documents lie far
// from 0.
std::unique_ptr<DocumentScorer> learn_importance_weights(const ScorerExamples& examples, Random);

// The same as a mean over the n-grams, drawn to 0 where there are few: long and short documents
// side by side.
std::unique_ptr<DocumentScorer> learn_mean_importance(const ScorerExamples& examples, Random);

}  // namespace pith
