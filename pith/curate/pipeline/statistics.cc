#include "pith/curate/pipeline/statistics.h"

#include <algorithm>
#include <utility>

#include "pith/base/hash.h"

namespace pith {
namespace {

constexpr std::array<std::string_view, kCurateStages> kStageNames = {
    "extract",         "language",      "filters", "decontaminate", "exact_duplicates",
    "near_duplicates", "repeated_text", "target",  "select"};

std::uint64_t as_count(const Json& json) { return static_cast<std::uint64_t>(json.as_int()); }

Json drop_to_json(const std::string& reason, const DropStatistics& drop, bool with_keys) {
  Json json = Json::object();
  json.set("reason", reason);
  json.set("documents", drop.documents);
  json.set("bytes", drop.bytes);
  json.set("threshold", drop.threshold);
  json.set("examples", drop.examples.to_json(with_keys));
  return json;
}

Json stage_to_json(std::string_view name, const StageStatistics& stage, bool with_keys) {
  Json json = Json::object();
  json.set("name", name);
  json.set("documents_in", stage.documents_in);
  json.set("documents_out", stage.documents_out);
  json.set("bytes_in", stage.bytes_in);
  json.set("bytes_out", stage.bytes_out);
  json.set("seconds", stage.seconds);
  std::vector<const std::pair<const std::string, DropStatistics>*> order;
  for (const auto& entry : stage.dropped) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->second.documents > b->second.documents;
  });
  Json dropped = Json::array();
  for (const auto* entry : order) {
    dropped.push_back(drop_to_json(entry->first, entry->second, with_keys));
  }
  json.set("dropped", std::move(dropped));
  return json;
}

StageStatistics stage_from_json(const Json& json) {
  StageStatistics stage;
  stage.documents_in = as_count(json["documents_in"]);
  stage.documents_out = as_count(json["documents_out"]);
  stage.bytes_in = as_count(json["bytes_in"]);
  stage.bytes_out = as_count(json["bytes_out"]);
  stage.seconds = json["seconds"].as_double();
  for (const Json& entry : json["dropped"].items()) {
    DropStatistics& drop = stage.dropped[entry["reason"].as_string()];
    drop.documents = as_count(entry["documents"]);
    drop.bytes = as_count(entry["bytes"]);
    drop.threshold = entry["threshold"].as_double();
    drop.examples = ShownDocuments::from_json(entry["examples"]);
  }
  return stage;
}

void add_stage(const StageStatistics& from, StageStatistics& to) {
  to.documents_in += from.documents_in, to.documents_out += from.documents_out;
  to.bytes_in += from.bytes_in, to.bytes_out += from.bytes_out;
  to.seconds += from.seconds;
  for (const auto& [reason, drop] : from.dropped) {
    DropStatistics& sum = to.dropped[reason];
    sum.documents += drop.documents, sum.bytes += drop.bytes;
    sum.threshold = drop.threshold;
    sum.examples.add(drop.examples);
  }
}

Json stages_to_json(const CurateStatistics& statistics, bool with_keys) {
  Json stages = Json::array();
  for (std::size_t s = 0; s < kCurateStages; ++s) {
    const bool asked = static_cast<CurateStage>(s) != CurateStage::kDecontaminate ||
                       statistics.stages[s].documents_in > 0;
    if (asked) stages.push_back(stage_to_json(kStageNames[s], statistics.stages[s], with_keys));
  }
  return stages;
}

Json edges_to_json(const CurateStatistics& statistics, bool with_keys) {
  Json edges = Json::array();
  for (const auto& [rule, edge] : statistics.edges) {
    const bool two_sides = !edge.passed.list().empty() && !edge.dropped.list().empty();
    if (!two_sides && !with_keys) continue;
    Json entry = Json::object();
    entry.set("rule", rule);
    entry.set("threshold", edge.bound);
    entry.set("passed", edge.passed.to_json(with_keys));
    entry.set("dropped", edge.dropped.to_json(with_keys));
    edges.push_back(std::move(entry));
  }
  return edges;
}

}  // namespace

std::string_view stage_name(CurateStage stage) {
  return kStageNames[static_cast<std::size_t>(stage)];
}

void CurateStatistics::pass(CurateStage s, std::uint64_t bytes_in, std::uint64_t bytes_out) {
  StageStatistics& counts = stage(s);
  counts.documents_in += 1, counts.documents_out += 1;
  counts.bytes_in += bytes_in, counts.bytes_out += bytes_out;
}

void CurateStatistics::measured(std::string_view rule, double value, double bound, bool passed,
                                const Document& document) {
  auto place = edges.find(rule);
  if (place == edges.end()) place = edges.try_emplace(std::string(rule)).first;
  EdgeStatistics& edge = place->second;
  edge.bound = bound;
  (passed ? edge.passed : edge.dropped).offer_near(bound, document, hash64(document.id), value);
}

void CurateStatistics::drop(CurateStage s, std::uint64_t bytes_in, const Document& document) {
  StageStatistics& counts = stage(s);
  counts.documents_in += 1;
  counts.bytes_in += bytes_in;
  auto place = counts.dropped.find(document.dropped_by);
  if (place == counts.dropped.end()) place = counts.dropped.try_emplace(document.dropped_by).first;
  DropStatistics& drop = place->second;
  drop.documents += 1;
  drop.bytes += document.text.size();
  drop.threshold = document.dropped_threshold;
  drop.examples.offer(document, hash64(document.id), document.dropped_value);
  measured(document.dropped_by, document.dropped_value, document.dropped_threshold, false,
           document);
}

void CurateStatistics::add(const CurateStatistics& other) {
  for (std::size_t s = 0; s < kCurateStages; ++s) add_stage(other.stages[s], stages[s]);
  for (const auto& [rule, edge] : other.edges) {
    EdgeStatistics& sum = edges[rule];
    sum.bound = edge.bound;
    sum.passed.add_near(edge.bound, edge.passed);
    sum.dropped.add_near(edge.bound, edge.dropped);
  }
  for (const auto& [code, counts] : other.languages) {
    LanguageStatistics& sum = languages[code];
    sum.documents_in += counts.documents_in, sum.bytes_in += counts.bytes_in;
    sum.documents_kept += counts.documents_kept, sum.bytes_kept += counts.bytes_kept;
  }
  for (const auto& [name, counts] : other.formats) {
    formats[name].documents += counts.documents, formats[name].bytes += counts.bytes;
  }
  for (std::size_t i = 0; i < kQualityBins; ++i) quality_histogram[i] += other.quality_histogram[i];
  broken_records += other.broken_records;
  for (const BrokenExample& example : other.broken_examples) {
    if (broken_examples.size() < kBrokenExamples) broken_examples.push_back(example);
  }
  for (const auto& [reason, files] : other.skipped_files) skipped_files[reason] += files;
  for (std::size_t kind = 0; kind < kPiiKinds; ++kind) masked[kind] += other.masked[kind];
  spam += other.spam;
  condensed_bytes += other.condensed_bytes;
  for (const auto& [set, items] : other.evaluation_items) {
    evaluation_items[set].insert(items.begin(), items.end());
  }
}

static Json formats_to_json(const CurateStatistics& statistics) {
  std::vector<std::pair<std::string, FormatStatistics>> order(statistics.formats.begin(),
                                                              statistics.formats.end());
  std::ranges::stable_sort(
      order, [](const auto& a, const auto& b) { return a.second.documents > b.second.documents; });
  Json list = Json::array();
  for (const auto& [name, counts] : order) {
    Json entry = Json::object();
    entry.set("format", name);
    entry.set("documents", counts.documents);
    entry.set("bytes", counts.bytes);
    list.push_back(std::move(entry));
  }
  return list;
}

void add_statistics(const CurateStatistics& statistics, bool with_quality, Json& summary) {
  Json broken = Json::object();
  broken.set("count", statistics.broken_records);
  Json examples = Json::array();
  for (const BrokenExample& example : statistics.broken_examples) {
    Json entry = Json::object();
    entry.set("file", example.file);
    entry.set("offset", example.offset);
    entry.set("reason", example.reason);
    examples.push_back(std::move(entry));
  }
  broken.set("examples", std::move(examples));
  summary.set("broken_records", std::move(broken));

  Json skipped = Json::object();
  for (const auto& [reason, files] : statistics.skipped_files) skipped.set(reason, files);
  summary.set("skipped_files", std::move(skipped));
  summary.set("stages", stages_to_json(statistics, false));
  summary.set("edges", edges_to_json(statistics, false));

  std::vector<std::pair<std::string, LanguageStatistics>> order(statistics.languages.begin(),
                                                                statistics.languages.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second.bytes_in > b.second.bytes_in;
  });
  Json languages = Json::array();
  for (const auto& [code, counts] : order) {
    Json entry = Json::object();
    entry.set("language", code);
    entry.set("documents_in", counts.documents_in);
    entry.set("bytes_in", counts.bytes_in);
    entry.set("documents_kept", counts.documents_kept);
    entry.set("bytes_kept", counts.bytes_kept);
    languages.push_back(std::move(entry));
  }
  summary.set("languages", std::move(languages));
  summary.set("formats", formats_to_json(statistics));
  Json masked = Json::object();
  for (std::size_t kind = 0; kind < kPiiKinds; ++kind) {
    masked.set(pii_name(static_cast<PiiKind>(kind)), std::uint64_t{statistics.masked[kind]});
  }
  summary.set("masked", std::move(masked));
  Json spam = Json::object();
  spam.set("documents", statistics.spam.documents);
  spam.set("bytes", statistics.spam.cut_bytes);
  spam.set("fragments", statistics.spam.fragments);
  spam.set("keyword_lines", statistics.spam.keyword_lines);
  spam.set("comment_lines", statistics.spam.comment_lines);
  spam.set("headline_lines", statistics.spam.headline_lines);
  summary.set("spam", std::move(spam));
  summary.set("condensed_bytes", statistics.condensed_bytes);
  if (!with_quality) return;
  Json histogram = Json::array();
  for (const std::uint64_t count : statistics.quality_histogram) histogram.push_back(count);
  summary.set("quality_histogram", std::move(histogram));
}

Json statistics_to_json(const CurateStatistics& statistics) {
  Json json = Json::object();
  add_statistics(statistics, true, json);
  json.set("stages", stages_to_json(statistics, true));
  json.set("edges", edges_to_json(statistics, true));
  Json found = Json::object();
  for (const auto& [set, items] : statistics.evaluation_items) {
    Json numbers = Json::array();
    for (const std::uint32_t item : items) numbers.push_back(std::uint64_t{item});
    found.set(set, std::move(numbers));
  }
  json.set("evaluation_items", std::move(found));
  return json;
}

CurateStatistics statistics_from_json(const Json& json) {
  CurateStatistics statistics;
  for (const Json& stage : json["stages"].items()) {
    const auto name = std::ranges::find(kStageNames, stage["name"].as_string());
    if (name == kStageNames.end()) continue;
    statistics.stages[static_cast<std::size_t>(name - kStageNames.begin())] =
        stage_from_json(stage);
  }
  for (const Json& entry : json["edges"].items()) {
    statistics.edges[entry["rule"].as_string()] = {
        .bound = entry["threshold"].as_double(),
        .passed = ShownDocuments::from_json(entry["passed"]),
        .dropped = ShownDocuments::from_json(entry["dropped"])};
  }
  for (const Json& entry : json["languages"].items()) {
    statistics.languages[entry["language"].as_string()] = {
        .documents_in = as_count(entry["documents_in"]),
        .bytes_in = as_count(entry["bytes_in"]),
        .documents_kept = as_count(entry["documents_kept"]),
        .bytes_kept = as_count(entry["bytes_kept"])};
  }
  for (const Json& entry : json["formats"].items()) {
    statistics.formats[entry["format"].as_string()] = {.documents = as_count(entry["documents"]),
                                                       .bytes = as_count(entry["bytes"])};
  }
  const JsonArray& histogram = json["quality_histogram"].items();
  for (std::size_t i = 0; i < std::min(kQualityBins, histogram.size()); ++i) {
    statistics.quality_histogram[i] = as_count(histogram[i]);
  }
  statistics.broken_records = as_count(json["broken_records"]["count"]);
  for (const Json& entry : json["broken_records"]["examples"].items()) {
    statistics.broken_examples.push_back({.file = entry["file"].as_string(),
                                          .reason = entry["reason"].as_string(),
                                          .offset = as_count(entry["offset"])});
  }
  for (const auto& [reason, files] : json["skipped_files"].members()) {
    statistics.skipped_files[reason] = as_count(files);
  }
  for (std::size_t kind = 0; kind < kPiiKinds; ++kind) {
    statistics.masked[kind] =
        static_cast<std::uint32_t>(as_count(json["masked"][pii_name(static_cast<PiiKind>(kind))]));
  }
  statistics.condensed_bytes = as_count(json["condensed_bytes"]);
  const Json& spam = json["spam"];
  statistics.spam = {.fragments = as_count(spam["fragments"]),
                     .keyword_lines = as_count(spam["keyword_lines"]),
                     .comment_lines = as_count(spam["comment_lines"]),
                     .headline_lines = as_count(spam["headline_lines"]),
                     .cut_bytes = as_count(spam["bytes"]),
                     .documents = as_count(spam["documents"])};
  for (const auto& [set, items] : json["evaluation_items"].members()) {
    for (const Json& item : items.items()) {
      statistics.evaluation_items[set].insert(static_cast<std::uint32_t>(item.as_int()));
    }
  }
  return statistics;
}

}  // namespace pith
