#pragma once

#include "pith/curate/select/document_scorer.h"

// Tells documents that are like the examples given from the rest by a linear function of hashed
// n-grams (document_words.h), as fastText's supervised mode does for DCLM (Li et al. 2024) and
// DeepSeekMath (Shao et al. 2024).
namespace pith {

// Weights of naive Bayes: how much more likely a feature is in an example than in any document, as
// a logarithm, drawn towards 0 by a thousand examples that are like the rest. They cannot tell
// apart what is alike, so they stand it when the others hold many of the examples' kind.
std::unique_ptr<DocumentScorer> learn_naive_bayes(const ScorerExamples& examples, Random random);

// Logistic regression that starts from these weights: AdaGrad (Duchi et al. 2011), the two classes
// weighing the same.
std::unique_ptr<DocumentScorer> learn_logistic_regression(const ScorerExamples& examples,
                                                          Random random);

}  // namespace pith
