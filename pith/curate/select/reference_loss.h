#pragma once

#include "pith/curate/select/document_scorer.h"

// The loss of a small reference model: how many nats a byte a language model of the documents there
// are saves on a document when it is adapted to the examples. This is CoLoR-Filter's score
// (Brandfonbrener et al. 2024) and RHO-LOSS' reducible loss (Mindermann et al. 2022) with models
// that cost no more than counting.
//
// Both models predict a word from the one before it. The prior draws counts of pairs to the counts
// of words, and these to equal shares (Dirichlet priors, MacKay and Peto 1995); the adapted one
// draws the examples' counts to the prior model and to its own words alike. Counts are hashed, so
// memory does not grow with the text: 12 MB.
namespace pith {

std::unique_ptr<DocumentScorer> learn_reference_loss(const ScorerExamples& examples, Random);

}  // namespace pith
