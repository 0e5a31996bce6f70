#include "pith/worth/cell.h"

#include <utility>

#include "pith/base/files.h"
#include "pith/base/hash.h"
#include "pith/base/json.h"
#include "pith/formats/manifest.h"
#include "pith/train/evaluate.h"
#include "pith/train/train.h"

namespace pith {
namespace {

constexpr const char* kProgram = "pith worth 2";  // rises when the same cell gives another loss

std::string cell_path(const CellOptions& options, const std::string& key) {
  return join_path(options.folder, key + ".json");
}

Result<CellResult> read_cell(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 20));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  CellResult result;
  result.bits_per_byte = json["bits_per_byte"].as_double();
  result.parameters = static_cast<std::uint64_t>(json["parameters"].as_int());
  result.tokens = static_cast<std::uint64_t>(json["tokens"].as_int());
  result.seconds = json["seconds"].as_double();
  if (!(result.bits_per_byte > 0)) {
    return format_error("[worth] " + path + ": has no bits_per_byte; remove it");
  }
  return result;
}

}  // namespace

Result<std::string> cell_key(const CellOptions& options) {
  Json json = Json::object();
  json.set("program", kProgram);
  for (const char* name : {"train.bin", "train.idx", "tokenizer.json"}) {
    PITH_ASSIGN(const ManifestFile file, describe_file(join_path(options.tokens, name)));
    json.set(name, file.hash);
  }
  PITH_ASSIGN(const ManifestFile target, describe_file(options.target));
  json.set("target", target.hash);
  json.set("tokens", options.tokens_to_train);
  json.set("seed", options.seed);
  json.set("config", to_json(options.config));
  return hex(hash128(json.dump()));
}

bool cell_is_done(const CellOptions& options, const std::string& key) {
  return file_exists(cell_path(options, key));
}

Result<CellResult> run_cell(const CellOptions& options, const std::string& key,
                            const Context& context) {
  const std::string path = cell_path(options, key);
  if (file_exists(path)) return read_cell(path);
  TrainOptions training;
  training.tokens = options.tokens;
  training.out = join_path(options.folder, key);
  training.tokens_to_train = options.tokens_to_train;
  training.config = options.config;
  Context seeded = context;
  seeded.seed = options.seed;
  PITH_ASSIGN(const TrainResult trained, train(training, seeded));
  PITH_ASSIGN(const EvalResult evaluated, evaluate(training.out, options.target, seeded));
  Json json = Json::object();
  json.set("bits_per_byte", evaluated.bits_per_byte);
  json.set("parameters", trained.parameters);
  json.set("tokens", trained.tokens);
  json.set("seconds", trained.seconds + evaluated.seconds);
  json.set("seed", options.seed);
  PITH_TRY(write_file(path, json.dump(true) + "\n"));
  PITH_TRY(remove_tree(training.out));
  return read_cell(path);
}

}  // namespace pith
