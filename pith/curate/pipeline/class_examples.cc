#include "pith/curate/pipeline/class_examples.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "pith/curate/dedup/shingles.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/first_stage.h"
#include "pith/curate/select/document_words.h"

namespace pith {
namespace {

struct Example {
  std::uint64_t key = 0;  // hash of the text
  ClassExample features;
};

// The kClassExamples of least key, distinct, ascending.
void cut(std::vector<Example>& examples) {
  std::sort(examples.begin(), examples.end(),
            [](const Example& a, const Example& b) { return a.key < b.key; });
  const auto same = [](const Example& a, const Example& b) { return a.key == b.key; };
  examples.erase(std::unique(examples.begin(), examples.end(), same), examples.end());
  if (examples.size() > kClassExamples) examples.resize(kClassExamples);
}

Result<std::vector<Example>> read_class(const ClassFolder& folder, const CurateOptions& options,
                                        const Context& context) {
  DocumentMaker maker(options);
  PITH_ASSIGN(RawReader reader, RawReader::open({folder.path}, ingest_options(options), context));
  std::vector<Example> examples;
  for (RawRecord record;;) {
    if (context.stopped()) {
      return Error{ErrorKind::kInterrupted,
                   "[curate] stopped; the same command goes on from there"};
    }
    PITH_ASSIGN(const bool more, reader.next(record));
    if (!more) break;
    const std::string text = maker.cleaned_text(record);
    Example example{exact_text_hash(text).low, {}};
    target_features(text, example.features);
    if (example.features.empty()) continue;
    example.features.shrink_to_fit();
    examples.push_back(std::move(example));
    if (examples.size() >= 2 * kClassExamples) cut(examples);
  }
  cut(examples);
  if (examples.empty()) {
    return input_error("[curate] --class " + folder.name + " gives no document with text: " +
                       folder.path + "; give pages or texts of that class");
  }
  return examples;
}

Status check_names(const std::vector<ClassFolder>& classes) {
  std::set<std::string_view> names;
  for (const ClassFolder& folder : classes) {
    if (names.insert(folder.name).second) continue;
    return input_error("[curate] --class " + folder.name +
                       " is given twice; put the examples of a class into one folder");
  }
  if (classes.size() < 2) {
    return input_error("[curate] --class " + classes.front().name +
                       " is the only class; give another --class to tell it from, or --like to "
                       "pick what is like one set of examples");
  }
  if (classes.size() > kMostClasses) {
    return input_error("[curate] --class is given " + std::to_string(classes.size()) +
                       " times; at most " + std::to_string(kMostClasses) + " are told apart");
  }
  return {};
}

}  // namespace

Result<ClassFolder> parse_class(std::string_view option) {
  const std::size_t sign = option.find('=');
  if (sign == option.npos || sign == 0 || sign + 1 == option.size()) {
    return input_error("[curate] --class is NAME=FOLDER, such as recipe=examples/recipes, not: " +
                       std::string(option));
  }
  return ClassFolder{std::string(option.substr(0, sign)), std::string(option.substr(sign + 1))};
}

Result<DocumentClasses> learn_classes(const CurateOptions& options, const Context& context) {
  PITH_TRY(check_names(options.classes));
  DocumentClasses classes;
  std::vector<std::vector<ClassExample>> examples;
  std::set<std::uint64_t> keys;
  std::size_t in_two = 0;
  for (const ClassFolder& folder : options.classes) {
    PITH_ASSIGN(std::vector<Example> read, read_class(folder, options, context));
    if (read.size() == 1) {
      context.warn("[curate] --class " + folder.name +
                   " has a single example, so how well classes are told apart cannot be measured; "
                   "ten or more of each work well");
    }
    classes.names.push_back(folder.name);
    for (Example& example : read) {
      in_two += !keys.insert(example.key).second;
      if (classes.names.size() > examples.size()) examples.emplace_back();
      examples.back().push_back(std::move(example.features));
    }
  }
  if (in_two > 0) {
    context.warn("[curate] " + std::to_string(in_two) +
                 " texts are examples of more than one --class");
  }
  TrainedClasses trained = train_classes(examples, context.seed);
  classes.model = std::move(trained.model);
  classes.report = std::move(trained.report);
  return classes;
}

Json classes_to_json(const DocumentClasses& classes, const std::vector<FormatStatistics>& kept) {
  const ClassReport& report = classes.report;
  Json list = Json::array();
  for (std::size_t c = 0; c < classes.names.size(); ++c) {
    Json entry = Json::object();
    entry.set("class", classes.names[c]);
    entry.set("documents", c < kept.size() ? kept[c].documents : 0);
    entry.set("bytes", c < kept.size() ? kept[c].bytes : 0);
    entry.set("examples", report.examples[c]);
    if (report.folds > 0) {
      entry.set("held_out_recall", static_cast<double>(report.held_out_right[c]) /
                                       static_cast<double>(report.examples[c]));
    }
    list.push_back(std::move(entry));
  }
  Json json = Json::object();
  json.set("folds", report.folds);
  if (report.folds > 0) json.set("held_out_accuracy", report.held_out_accuracy);
  json.set("classes", std::move(list));
  return json;
}

}  // namespace pith
