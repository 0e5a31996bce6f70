#include "pith/curate/pipeline/curate.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <utility>

#include "pith/base/files.h"
#include "pith/curate/classify/language.h"
#include "pith/curate/pipeline/class_examples.h"
#include "pith/curate/pipeline/examples.h"
#include "pith/curate/pipeline/final_stage.h"
#include "pith/curate/pipeline/first_stage.h"
#include "pith/curate/pipeline/later_stages.h"
#include "pith/curate/pipeline/memory_shares.h"
#include "pith/curate/pipeline/target_stage.h"
#include "pith/curate/pipeline/work_folder.h"

namespace pith {
namespace {

std::uint64_t as_count(const Json& json) { return static_cast<std::uint64_t>(json.as_int()); }

// The summary's figures as a struct; the summary is what is kept on disk.
CurateResult result_of(Json summary, bool already_done) {
  CurateResult result;
  result.documents_in = as_count(summary["documents_in"]);
  result.bytes_in = as_count(summary["bytes_in"]);
  result.documents_kept = as_count(summary["documents_kept"]);
  result.bytes_kept = as_count(summary["bytes_kept"]);
  result.documents_dropped = as_count(summary["documents_dropped"]);
  result.bytes_dropped = as_count(summary["bytes_dropped"]);
  result.broken_records = as_count(summary["broken_records"]["count"]);
  result.seconds = summary["seconds"].as_double();
  for (const Json& stage : summary["stages"].items()) {
    for (const Json& drop : stage["dropped"].items()) {
      result.dropped.push_back({.reason = drop["reason"].as_string(),
                                .documents = as_count(drop["documents"]),
                                .bytes = as_count(drop["bytes"])});
    }
  }
  result.already_done = already_done;
  result.summary = std::move(summary);
  return result;
}

Json target_to_json(const TargetReport& report, double threshold) {
  Json json = Json::object();
  json.set("examples", report.examples);
  json.set("others", report.others);
  json.set("folds", report.folds);
  json.set("held_out_auc", report.held_out_auc);
  json.set("suggested_threshold", report.suggested_threshold);
  json.set("threshold", threshold);
  return json;
}

Json to_json(const RepeatedCounts& repeated) {
  Json json = Json::object();
  json.set("passages", repeated.passages);
  json.set("passage_bytes", repeated.passage_bytes);
  json.set("paragraphs", repeated.paragraphs);
  json.set("paragraph_bytes", repeated.paragraph_bytes);
  json.set("lines", repeated.lines);
  json.set("line_bytes", repeated.line_bytes);
  return json;
}

// How documents were chosen, and how many bytes of them there are.
Json selection_to_json(const CurateOptions& options, const FinalStageResult& final_stage) {
  const SelectionOptions& selection = options.config->selection;
  const bool examples = !options.like.empty();
  Json json = Json::object();
  json.set("method", examples ? selection.method : "random");
  json.set("balance", examples ? selection.balance : "none");
  json.set("noise", examples ? selection.noise : 0.0);
  json.set("threshold", final_stage.target_threshold);
  json.set("keep_bytes", options.keep_bytes);
  json.set("bytes", final_stage.bytes_kept);
  return json;
}

// What was found of each evaluation set.
Json evaluation_to_json(const EvaluationSets& evaluation, const CurateStatistics& statistics) {
  Json sets = Json::array();
  for (const EvaluationSet& set : evaluation.sets) {
    const auto found = statistics.evaluation_items.find(set.path);
    Json json = Json::object();
    json.set("path", set.path);
    json.set("items", std::uint64_t{set.items});
    json.set("too_short", set.too_short);
    json.set("found", found == statistics.evaluation_items.end() ? 0 : found->second.size());
    sets.push_back(std::move(json));
  }
  return sets;
}

Json summarize(const CurateOptions& options, const CurateStatistics& statistics,
               const FinalStageResult& final_stage, const std::optional<EvaluationSets>& evaluation,
               const RepeatedCounts& repeated, const std::optional<TargetColumns>& target,
               const std::optional<DocumentClasses>& classes, const Json& manifest,
               double seconds) {
  std::uint64_t documents_dropped = 0, bytes_dropped = 0;
  for (const StageStatistics& stage : statistics.stages) {
    for (const auto& [reason, drop] : stage.dropped) {
      documents_dropped += drop.documents, bytes_dropped += drop.bytes;
    }
  }
  const StageStatistics& first = statistics.stage(CurateStage::kExtract);
  Json summary = Json::object();
  summary.set("documents_in", first.documents_in);
  summary.set("bytes_in", first.bytes_in);
  summary.set("documents_kept", final_stage.documents_kept);
  summary.set("bytes_kept", final_stage.bytes_kept);
  summary.set("documents_dropped", documents_dropped);
  summary.set("bytes_dropped", bytes_dropped);
  add_statistics(statistics, target.has_value(), summary);
  summary.set("repeated_text", to_json(repeated));
  if (evaluation) summary.set("decontaminate", evaluation_to_json(*evaluation, statistics));
  if (!final_stage.topics.is_null()) summary.set("topics", final_stage.topics);
  if (classes) summary.set("classes", classes_to_json(*classes, final_stage.classes));
  if (target && target->report) {
    summary.set("target", target_to_json(*target->report, final_stage.target_threshold));
  }
  if (!options.like.empty() || options.keep_bytes != 0) {
    summary.set("selection", selection_to_json(options, final_stage));
  }
  summary.set("seconds", seconds);
  summary.set("manifest", manifest);
  return summary;
}

// A code that no document can have would drop them all.
Status check_languages(const std::vector<std::string>& codes) {
  const std::span<const std::string_view> known = known_languages();
  for (const std::string& code : codes) {
    if (code == "und" || std::find(known.begin(), known.end(), code) != known.end()) continue;
    std::string list = "und";
    for (const std::string_view other : known) list += " " + std::string(other);
    return input_error("[curate] --language \"" + code +
                       "\" is none that is told apart; give some of: " + list);
  }
  return {};
}

std::string why_nothing(const CurateStatistics& statistics) {
  std::string why = std::to_string(statistics.broken_records) + " broken records";
  if (!statistics.broken_examples.empty()) {
    const BrokenExample& first = statistics.broken_examples.front();
    why += ", the first in " + first.file + " at offset " + std::to_string(first.offset) + ": " +
           first.reason;
  }
  for (const auto& [reason, files] : statistics.skipped_files) {
    why += ", " + std::to_string(files) + " files skipped: " + reason;
  }
  return why;
}

}  // namespace

Result<CurateResult> curate(const CurateOptions& given, const Context& context) {
  const std::uint64_t least = least_curate_memory(context.threads);
  if (context.memory_bytes != 0 && context.memory_bytes < least) {
    return capacity_error("[curate] --memory is too small for " + std::to_string(context.threads) +
                          " threads: " + std::to_string(context.memory_bytes >> 20) +
                          " MiB; give at least " + std::to_string(least >> 20) +
                          " MiB or fewer --threads");
  }
  CurateOptions options = given;
  const MemoryShares shares = memory_shares(context.memory_bytes);
  options.max_record_bytes = std::min(options.max_record_bytes, shares.max_record_bytes);
  options.max_page_nodes = std::min(options.max_page_nodes, shares.max_page_nodes);
  options.max_parquet_page_bytes =
      std::min(options.max_parquet_page_bytes, shares.max_parquet_page_bytes);
  PITH_TRY(check_languages(options.languages));
  const WorkFolder folder(options.out);
  PITH_ASSIGN(const Json manifest, curate_manifest(options, context.seed));
  // Examples are read first: one who mistyped them should not wait for the input.
  Examples examples;
  if (!options.like.empty() && !file_exists(folder.summary())) {
    PITH_ASSIGN(examples, read_examples(options, context));
  }
  std::optional<DocumentClasses> classes;
  if (!options.classes.empty() && !file_exists(folder.summary())) {
    PITH_ASSIGN(classes, learn_classes(options, context));
  }
  std::optional<EvaluationSets> evaluation;
  if (!options.evaluation.empty() && !file_exists(folder.summary())) {
    PITH_ASSIGN(evaluation,
                read_evaluation_sets(options.evaluation, options.config->overlap, context));
  }
  PITH_ASSIGN(const OutState state, claim_output(options, manifest, context));
  if (state == OutState::kDone) {
    PITH_TRY(remove_tree(folder.work()));  // killed just before the end, it may still be there
    PITH_ASSIGN(const std::string text, read_file(folder.summary()));
    PITH_ASSIGN(Json summary, parse_json(text, folder.summary()));
    return result_of(std::move(summary), true);
  }

  PITH_ASSIGN(FirstStageResult first,
              run_first_stage(options, evaluation ? &*evaluation : nullptr, folder, context));
  if (first.statistics.stage(CurateStage::kExtract).documents_in == 0) {
    PITH_TRY(remove_tree(folder.work()));
    return input_error("[curate] the input gives no document: " + options.inputs.front() + " (" +
                       why_nothing(first.statistics) + ")");
  }
  const auto begin = std::chrono::steady_clock::now();
  PITH_ASSIGN(const DuplicateColumns duplicates,
              run_duplicate_stage(options, folder, first.shards, context));
  std::optional<TargetColumns> target;
  if (!options.like.empty()) {
    PITH_ASSIGN(target,
                run_target_stage(options, examples, folder, first.shards, duplicates, context));
  }
  PITH_ASSIGN(const FinalStageResult final_stage,
              run_final_stage(options, folder, first.shards, duplicates, target,
                              classes ? &*classes : nullptr, context));

  CurateStatistics statistics = std::move(first.statistics);
  statistics.add(final_stage.statistics);
  statistics.stage(CurateStage::kExactDuplicates).seconds = duplicates.exact_seconds;
  statistics.stage(CurateStage::kNearDuplicates).seconds += duplicates.near_seconds;
  statistics.stage(CurateStage::kRepeatedText).seconds = duplicates.repeated.seconds;
  if (target) statistics.stage(CurateStage::kTarget).seconds = target->seconds;
  const double seconds =
      first.seconds +
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  Json summary = summarize(options, statistics, final_stage, evaluation, duplicates.repeated.counts,
                           target, classes, manifest, seconds);
  PITH_TRY(write_file(folder.summary(), summary.dump(true) + "\n"));
  PITH_TRY(remove_tree(folder.work()));
  return result_of(std::move(summary), false);
}

}  // namespace pith
