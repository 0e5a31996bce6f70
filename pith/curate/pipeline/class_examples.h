#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/classify/class_model.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/statistics.h"

namespace pith {

inline constexpr std::size_t kClassExamples = 1000;  // of a class that are learned from, by hash

// The classes of --class, learned.
struct DocumentClasses {
  std::vector<std::string> names;  // in the order of the options
  ClassModel model;
  ClassReport report;
};

// "NAME=PATH" as a class; kInput when it is something else.
Result<ClassFolder> parse_class(std::string_view option);

// Reads the examples of options.classes as input is read, without filters, and learns to tell them
// apart. kInput when there is one class only, or more than kMostClasses, a name comes twice or a
// class gives no text; warns of classes with a single example and of texts that are in two.
Result<DocumentClasses> learn_classes(const CurateOptions& options, const Context& context);

// What curate.json says of them: "folds", "held_out_accuracy" and "classes", in the order of the
// options, each "class", "documents", "bytes" (of `kept`), "examples", "held_out_recall".
Json classes_to_json(const DocumentClasses& classes, const std::vector<FormatStatistics>& kept);

}  // namespace pith
