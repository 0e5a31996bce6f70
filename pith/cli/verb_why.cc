#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/curate/pipeline/explain.h"

namespace pith {
namespace {

// With few digits, as people compare them: 0.818, 412.
std::string number_text(double value) {
  char buffer[32];
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  std::snprintf(buffer, sizeof(buffer), whole ? "%.0f" : "%.4g", value);
  return buffer;
}

void print_field(const char* name, const std::string& value) {
  if (!value.empty()) std::printf("  %-12s %s\n", name, value.c_str());
}

void print_explanation(const Explanation& explanation) {
  const Document& d = explanation.document;
  if (explanation.kept) {
    std::printf("kept\n");
  } else {
    std::printf("dropped by %s: %s, the bound is %s\n", d.dropped_by.c_str(),
                number_text(d.dropped_value).c_str(), number_text(d.dropped_threshold).c_str());
  }
  print_field("id", d.id);
  print_field("file", d.file_path);
  print_field("url", d.url);
  print_field("title", d.title);
  print_field("full title", d.full_title);
  print_field("language", d.language + " (" + number_text(d.language_score) + ")");
  print_field("languages", d.languages);
  if (!d.format.empty()) print_field("format", d.format + " (" + number_text(d.format_score) + ")");
  if (d.reading_level > 0) print_field("reading level", number_text(d.reading_level));
  if (!d.class_name.empty()) {
    print_field("class", d.class_name + " (" + number_text(d.class_score) + ")");
  }
  print_field("text", format_size(d.text.size()) + " of " + format_size(d.raw_bytes) + " raw");
  if (d.quality > 0) print_field("quality", number_text(d.quality));
  if (d.cluster_size > 1) {
    print_field("cluster", std::to_string(d.cluster_size) + " near-duplicates, itself included");
  }
  if (!d.duplicate_of.empty()) print_field("instead", "document " + d.duplicate_of + " is kept");
  if (d.repeated_bytes > 0) {
    print_field("repeated", format_size(d.repeated_bytes) + " cut: earlier documents have it");
  }
  if (d.masked > 0) print_field("masked", std::to_string(d.masked) + " places");
  if (explanation.dropped_lines > 0) {
    print_field("line rules", std::to_string(explanation.dropped_lines) + " lines fall");
  }
  for (const Measure& m : explanation.measures) {
    std::printf("  %-50.*s %10s %s %-8s%s\n", static_cast<int>(m.rule.size()), m.rule.data(),
                number_text(m.value).c_str(), m.at_most ? "<=" : ">=", number_text(m.bound).c_str(),
                m.broken() ? " broken" : "");
  }
  std::printf("\n");
}

Json explanation_json(const Explanation& explanation) {
  const Document& d = explanation.document;
  Json json = Json::object();
  json.set("id", d.id);
  json.set("file_path", d.file_path);
  json.set("url", d.url);
  json.set("kept", explanation.kept);
  json.set("language", d.language);
  json.set("language_score", d.language_score);
  json.set("quality", d.quality);
  json.set("cluster_size", std::uint64_t{d.cluster_size});
  json.set("repeated_bytes", d.repeated_bytes);
  json.set("masked", std::uint64_t{d.masked});
  json.set("bytes", d.text.size());
  json.set("raw_bytes", d.raw_bytes);
  if (!explanation.kept) {
    json.set("dropped_by", d.dropped_by);
    json.set("dropped_value", d.dropped_value);
    json.set("dropped_threshold", d.dropped_threshold);
    json.set("duplicate_of", d.duplicate_of);
  }
  Json measures = Json::array();
  for (const Measure& m : explanation.measures) {
    Json entry = Json::object();
    entry.set("rule", m.rule);
    entry.set("value", m.value);
    entry.set(m.at_most ? "at_most" : "at_least", m.bound);
    entry.set("broken", m.broken());
    measures.push_back(std::move(entry));
  }
  json.set("measures", std::move(measures));
  return json;
}

class WhyVerb : public Verb {
 public:
  std::string name() const override { return "why"; }
  std::string purpose() const override {
    return "Tell why a document was kept or dropped: what every rule measured in it";
  }
  std::string example() const override {
    return "pith why docs 3f2a91        # a document of a curation, by id, URL or file\n"
           "pith why page.html          # a raw page, by the thresholds as they are";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(place_, "DIR", "Result of pith curate or pith run; or a raw file");
    arguments.required();
    arguments.positional(what_, "DOCUMENT",
                         "Which of its documents: the beginning of an id, a URL, a file path");
    arguments.option(most_, "--most", "N", "Show at most this many documents");
    arguments.option(config_, "--config", "FILE",
                     "TOML with thresholds, for a raw file; see pith curate --print-config");
    arguments.otherwise("the thresholds as published");
  }
  Uses uses() const override { return {.threads = false, .seed = false, .memory = false}; }

  Result<Json> run(const VerbContext& verb) override {
    if (most_ < 1) return input_error("[why] --most must be at least 1");
    PITH_ASSIGN(const std::vector<Explanation> found, explain(verb.context));
    if (!verb.json) {
      for (const Explanation& explanation : found) print_explanation(explanation);
    }
    Json documents = Json::array();
    for (const Explanation& explanation : found) documents.push_back(explanation_json(explanation));
    Json json = Json::object();
    json.set("documents", std::move(documents));
    return json;
  }

 private:
  Result<std::vector<Explanation>> explain(const Context& context) {
    const auto most = static_cast<std::size_t>(most_);
    if (is_folder(place_)) {
      if (what_.empty()) {
        return input_error("[why] " + place_ +
                           " is a folder; say which of its documents: an id, a URL or a file path");
      }
      return explain_documents(place_, what_, most, context);
    }
    if (!what_.empty()) {
      return input_error("[why] " + place_ + " is no folder of a curation; a raw file needs no \"" +
                         what_ + "\"");
    }
    CurateConfig config;
    if (!config_.empty()) PITH_TRY(read_curate_config(config_, {"model", "training"}, config));
    return explain_file(place_, config, most, context);
  }

  std::string place_, what_, config_;
  std::int64_t most_ = 10;
};

}  // namespace

std::unique_ptr<Verb> make_why_verb() { return std::make_unique<WhyVerb>(); }

}  // namespace pith
