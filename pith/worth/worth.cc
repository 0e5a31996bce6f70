#include "pith/worth/worth.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

#include "pith/base/files.h"
#include "pith/train/scaling.h"
#include "pith/worth/cell.h"
#include "pith/worth/stages.h"
#include "pith/worth/target_sample.h"
#include "pith/worth/trainings.h"
#include "pith/worth/worth_table.h"

namespace pith {
namespace {

constexpr double kCurveParts[] = {0.25, 0.5, 1, 2};  // of the usual tokens
constexpr const char* kAllStages = "all of them";    // left out at once

// Of OUT.
struct Places {
  explicit Places(const std::string& out)
      : variants(join_path(out, "variants")),
        cells(join_path(out, "cells")),
        target(join_path(out, "target.jsonl")),
        result(join_path(out, "worth.json")),
        table(join_path(out, "worth.md")) {}
  std::string variant(std::string name) const {
    if (name.empty()) name = "every_stage";
    if (name == kAllStages) name = "no_stage";
    return join_path(variants, name);
  }
  std::string variants, cells, target, result, table;
};

// Free, or of an earlier call.
Status check_out(const std::string& out) {
  if (!file_exists(out)) return {};
  if (!is_folder(out)) return input_error("[worth] " + out + ": is a file, a folder was expected");
  if (file_exists(Places(out).cells)) return {};
  std::error_code code;
  const std::filesystem::directory_iterator entries(out, code);
  if (code) return io_error("[worth] " + out + ": cannot list: " + code.message());
  if (entries == std::filesystem::directory_iterator()) return {};
  return input_error("[worth] " + out + ": holds something else (" +
                     entries->path().filename().string() + "); give a new folder to -o");
}

Status check_options(const WorthOptions& options) {
  if (options.tokens == 0) return input_error("[worth] --tokens must be at least 1");
  if (options.seeds < 1 || options.seeds > 1000) {
    return input_error("[worth] --seeds must be from 1 to 1000, not " +
                       std::to_string(options.seeds));
  }
  if (!file_exists(options.target)) {
    return input_error("[worth] " + options.target + ": does not exist; --target is a file or " +
                       "folder of documents, JSONL");
  }
  const auto judged_by_itself = [&](const std::string& path) {
    std::error_code code;
    return std::filesystem::equivalent(path, options.target, code);
  };
  for (const std::string& path : options.curate.like) {
    if (judged_by_itself(path)) {
      return input_error("[worth] " + path +
                         " is given as --like and as --target: what was selected towards cannot "
                         "judge the selection; split it in two");
    }
  }
  for (const std::string& path : options.curate.inputs) {
    if (judged_by_itself(path)) {
      return input_error("[worth] " + path +
                         " is given as IN and as --target: what was trained on cannot judge; "
                         "split it in two");
    }
  }
  return check_out(options.out);
}

TrainConfig with_size(TrainConfig config) {
  if (config.hidden_size == 0) {
    const ModelSize& size = model_sizes(config.architecture).front();
    config.hidden_size = size.hidden_size;
    if (config.layers == 0) config.layers = size.layers;
  }
  return config;
}

class Measurement {
 public:
  Measurement(const WorthOptions& options, std::vector<std::string> stages, const Context& context)
      : options_(options),
        stages_(std::move(stages)),
        config_(with_size(options.config)),
        places_(options.out),
        context_(context) {}

  Result<WorthResult> run() {
    PITH_TRY(make_folders(places_.cells));
    PITH_ASSIGN(target_, sample_target(options_.target, options_.curate.text_field,
                                       options_.target_bytes, places_.target, context_));
    PITH_TRY(make_variants());
    PITH_TRY(list_trainings());
    PITH_ASSIGN(const std::vector<CellResult> results, run_trainings(trainings_, context_));
    for (std::size_t i = 0; i < results.size(); ++i) results_[trainings_[i].key] = results[i];
    return conclude();
  }

 private:
  Status make_variants();
  Status list_trainings();
  Status want(const WorthVariant& variant, std::uint64_t tokens, std::int64_t seed);
  CellOptions cell(const WorthVariant& variant, std::uint64_t tokens, std::int64_t seed) const;
  Result<WorthResult> conclude();
  double loss_of(const WorthVariant& variant, std::uint64_t tokens, std::int64_t seed) const {
    return results_.at(keys_.at({variant.name, tokens, seed})).bits_per_byte;
  }
  StageWorth worth_of(const WorthVariant& without, const WorthResult& result) const;
  std::uint64_t part_of_tokens(double part) const {
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(part * static_cast<double>(options_.tokens)));
  }

  const WorthOptions& options_;
  const std::vector<std::string> stages_;
  const TrainConfig config_;
  const Places places_;
  const Context& context_;
  TargetSample target_;
  std::vector<WorthVariant> variants_;  // with every stage, without each, without any
  std::uint64_t leaked_ = 0;
  std::vector<Training> trainings_;  // different ones, in the order of work
  // Of what was wanted: the variant's name, tokens, seed.
  std::map<std::tuple<std::string, std::uint64_t, std::int64_t>, std::string> keys_;
  std::map<std::string, CellResult> results_;  // by key
};

Status Measurement::make_variants() {
  std::vector<std::pair<std::string, CurateOptions>> ways = {{"", options_.curate}};
  for (const std::string& stage : stages_) {
    ways.emplace_back(stage, without_stages(options_.curate, {stage}));
  }
  ways.emplace_back(kAllStages, without_stages(options_.curate, worth_stages(options_.curate)));
  std::string tokenizer;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const std::string& name = ways[i].first;
    const std::string note = "now " + way_of(name);
    Context inner = context_;
    inner.on_progress = [&](const Progress&) {
      context_.progress(
          {.stage = "curate", .done = i, .total = ways.size(), .unit = "ways", .note = note});
    };
    PITH_ASSIGN(WorthVariant variant,
                make_variant(name, ways[i].second, tokenizer, places_.variant(name), inner));
    if (tokenizer.empty()) tokenizer = join_path(variant.tokens, "tokenizer.json");
    variants_.push_back(std::move(variant));
  }
  PITH_ASSIGN(leaked_, count_texts(places_.variant(kAllStages), target_.texts, context_));
  if (leaked_ > 0) {
    context_.warn("[worth] the target holds " + std::to_string(leaked_) +
                  " of the input's documents word for word: models have seen what judges them");
  }
  return {};
}

// Seed by seed, so that a call that is stopped has something of each.
Status Measurement::list_trainings() {
  for (std::int64_t seed = 0; seed < options_.seeds; ++seed) {
    for (const WorthVariant& variant : variants_) {
      PITH_TRY(want(variant, options_.tokens, seed));
    }
    for (const double part : kCurveParts) {
      PITH_TRY(want(variants_.front(), part_of_tokens(part), seed));
    }
  }
  return {};
}

Status Measurement::want(const WorthVariant& variant, std::uint64_t tokens, std::int64_t seed) {
  CellOptions options = cell(variant, tokens, seed);
  PITH_ASSIGN(std::string key, cell_key(options));
  keys_[{variant.name, tokens, seed}] = key;
  const bool known =
      std::ranges::any_of(trainings_, [&](const Training& other) { return other.key == key; });
  if (!known) trainings_.push_back({std::move(options), std::move(key), way_of(variant.name)});
  return {};
}

CellOptions Measurement::cell(const WorthVariant& variant, std::uint64_t tokens,
                              std::int64_t seed) const {
  return {.tokens = variant.tokens,
          .target = places_.target,
          .tokens_to_train = tokens,
          .seed = context_.seed + static_cast<std::uint64_t>(seed),
          .config = config_,
          .folder = places_.cells};
}

StageWorth Measurement::worth_of(const WorthVariant& without, const WorthResult& result) const {
  StageWorth worth;
  worth.without = without;
  worth.changes_nothing = without.bits_per_byte == result.all.bits_per_byte;
  worth.saved = paired_difference(without.bits_per_byte, result.all.bits_per_byte);
  if (result.curve.usable()) {
    worth.compute = result.curve.worth_of(worth.saved.mean);
    if (worth.saved.has_interval()) {
      worth.compute_low = result.curve.worth_of(worth.saved.low);
      worth.compute_high = result.curve.worth_of(worth.saved.high);
    }
  }
  return worth;
}

Result<WorthResult> Measurement::conclude() {
  for (WorthVariant& variant : variants_) {
    for (std::int64_t seed = 0; seed < options_.seeds; ++seed) {
      variant.bits_per_byte.push_back(loss_of(variant, options_.tokens, seed));
    }
  }
  WorthResult result;
  result.all = variants_.front();
  std::vector<std::pair<double, double>> curve;
  for (const double part : kCurveParts) {
    double mean = 0;
    for (std::int64_t seed = 0; seed < options_.seeds; ++seed) {
      mean += loss_of(result.all, part_of_tokens(part), seed) / static_cast<double>(options_.seeds);
    }
    curve.emplace_back(part, mean);
  }
  result.curve = ComputeCurve(std::move(curve));
  for (std::size_t i = 1; i + 1 < variants_.size(); ++i) {
    result.stages.push_back(worth_of(variants_[i], result));
  }
  result.together = worth_of(variants_.back(), result);
  const CellResult& usual = results_.at(trainings_.front().key);
  result.parameters = usual.parameters;
  result.tokens = usual.tokens;
  result.trainings = trainings_.size();
  result.target_documents = target_.documents;
  result.target_bytes = target_.bytes;
  result.leaked = leaked_;
  PITH_TRY(write_file(places_.result, to_json(result).dump(true) + "\n"));
  PITH_TRY(write_file(places_.table, worth_markdown(result)));
  return result;
}

Json pair_json(double low, double high) {
  Json pair = Json::array();
  pair.push_back(low);
  pair.push_back(high);
  return pair;
}

Json variant_json(const WorthVariant& variant) {
  Json json = Json::object();
  json.set("documents", variant.documents);
  json.set("bytes", variant.bytes);
  json.set("corpus_tokens", variant.corpus_tokens);
  Json losses = Json::array();
  for (const double loss : variant.bits_per_byte) losses.push_back(loss);
  json.set("bits_per_byte", std::move(losses));
  return json;
}

Json stage_json(const StageWorth& worth) {
  Json json = Json::object();
  json.set("stage", worth.without.name);
  json.set("without", variant_json(worth.without));
  json.set("changes_nothing", worth.changes_nothing);
  json.set("saved_bits_per_byte", worth.saved.mean);
  if (worth.saved.has_interval()) {
    json.set("interval", pair_json(worth.saved.low, worth.saved.high));
    json.set("told_from_zero", worth.saved.told_from_zero());
  }
  if (worth.compute) {
    json.set("compute", worth.compute->times);
    json.set("compute_beyond", worth.compute->beyond);
  }
  if (worth.compute_low) {
    json.set("compute_interval", pair_json(worth.compute_low->times, worth.compute_high->times));
  }
  return json;
}

}  // namespace

Result<WorthResult> measure_worth(const WorthOptions& options, const Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<std::string> known = worth_stages(options.curate);
  if (known.empty()) {
    return input_error("[worth] this curation has no stage: all are switched off");
  }
  PITH_TRY(check_stages(options.stages, known));
  PITH_TRY(check_options(options));
  Measurement measurement(options, options.stages.empty() ? known : options.stages, context);
  PITH_ASSIGN(WorthResult result, measurement.run());
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

Json to_json(const WorthResult& result) {
  Json json = Json::object();
  json.set("parameters", result.parameters);
  json.set("tokens", result.tokens);
  json.set("seeds", result.all.bits_per_byte.size());
  json.set("trainings", result.trainings);
  json.set("vocab", result.all.vocab);
  json.set("target_documents", result.target_documents);
  json.set("target_bytes", result.target_bytes);
  json.set("leaked", result.leaked);
  json.set("all", variant_json(result.all));
  Json curve = Json::array();
  for (const auto& [part, loss] : result.curve.points()) curve.push_back(pair_json(part, loss));
  json.set("curve", std::move(curve));
  Json stages = Json::array();
  for (const StageWorth& stage : result.stages) stages.push_back(stage_json(stage));
  json.set("stages", std::move(stages));
  json.set("together", stage_json(result.together));
  return json;
}

}  // namespace pith
