#include "pith/curate/select/selection_method.h"

#include "pith/curate/select/importance_weights.h"
#include "pith/curate/select/linear_classifier.h"
#include "pith/curate/select/reference_loss.h"

namespace pith {
namespace {

constexpr LearnScorer kClassifier[] = {learn_naive_bayes, learn_logistic_regression};
constexpr LearnScorer kDsir[] = {learn_importance_weights};
constexpr LearnScorer kDsirMean[] = {learn_mean_importance};
constexpr LearnScorer kReferenceLoss[] = {learn_reference_loss};

const SelectionMethod kMethods[] = {
    {"classifier", "linear classifier on hashed n-grams", kClassifier},
    {"dsir", "importance weights of hashed n-grams", kDsir},
    {"dsir_mean", "the same as a mean over the n-grams", kDsirMean},
    {"reference_loss", "what a small language model gains by the examples", kReferenceLoss},
};

}  // namespace

std::span<const SelectionMethod> selection_methods() { return kMethods; }

const SelectionMethod* find_selection_method(std::string_view name) {
  for (const SelectionMethod& method : kMethods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

}  // namespace pith
