#pragma once

#include <span>
#include <string_view>

#include "pith/curate/select/document_scorer.h"

// The ways to choose towards examples, in one list: a new one is a file with its LearnScorer and a
// line here, and is then a value of [selection] method.
namespace pith {

struct SelectionMethod {
  std::string_view name, about;
  // Scorers to choose from: the one that ranks held-out examples best is taken.
  std::span<const LearnScorer> learn;
};

std::span<const SelectionMethod> selection_methods();

// Null when there is none.
const SelectionMethod* find_selection_method(std::string_view name);

}  // namespace pith
