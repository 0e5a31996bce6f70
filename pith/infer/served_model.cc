#include "pith/infer/served_model.h"

#include <algorithm>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/text/chat_template.h"
#include "pith/text/tokenizer_tables.h"

namespace pith {
namespace {

// An optional JSON file of the folder; null when it is not there.
Result<Json> read_optional(const std::string& folder, const char* name) {
  const std::string path = join_path(folder, name);
  if (!file_exists(path)) return Json();
  PITH_ASSIGN(const std::string text, read_file(path, std::uint64_t{64} << 20));
  PITH_ASSIGN(Json json, parse_json(text, path));
  if (!json.is_object()) return format_error("[model] " + path + ": not a JSON object");
  return json;
}

// The special token that tokenizer.json puts before a text, if it does.
std::optional<int> first_special(const Tokenizer& tokenizer) {
  const auto from_template = [&](const Json& processor) -> std::optional<int> {
    if (processor["type"].as_string() != "TemplateProcessing") return std::nullopt;
    const JsonArray& single = processor["single"].items();
    if (single.empty()) return std::nullopt;
    const std::string& content = single.front()["SpecialToken"]["id"].as_string();
    return content.empty() ? std::nullopt : tokenizer.special_id(content);
  };
  const Json& processor = tokenizer.tables().post_processor;
  if (const auto id = from_template(processor)) return id;
  for (const Json& step : processor["processors"].items()) {
    if (const auto id = from_template(step)) return id;
  }
  return std::nullopt;
}

std::optional<int> find_bos(const Tokenizer& tokenizer, const Json& tokenizer_config) {
  const Json& add = tokenizer_config["add_bos_token"];
  if (add.is_bool()) return add.as_bool() ? tokenizer.bos_id() : std::nullopt;
  if (const auto id = tokenizer.special_id("<|bos|>")) return id;
  return first_special(tokenizer);
}

void add_id(std::vector<int>& ids, std::optional<int> id) {
  if (id && std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
}

std::vector<int> find_stop_ids(const Tokenizer& tokenizer, const Json& generation_config) {
  std::vector<int> ids;
  const Json& eos = generation_config["eos_token_id"];
  if (eos.is_integer()) add_id(ids, static_cast<int>(eos.as_int()));
  for (const Json& id : eos.items()) add_id(ids, static_cast<int>(id.as_int(-1)));
  add_id(ids, tokenizer.eos_id());
  add_id(ids, end_of_turn_id(tokenizer));
  return ids;
}

Result<ChatStyle> find_chat_style(const std::string& folder, const Json& generation_config) {
  const Json& style = generation_config["pith_chat"];
  if (style.is_null() || style.as_string() == "completion") return ChatStyle::kCompletion;
  if (style.as_string() == "template") return ChatStyle::kTemplate;
  return format_error("[model] " + join_path(folder, "generation_config.json") +
                      ": pith_chat must be \"completion\" or \"template\", not " + style.dump());
}

}  // namespace

Result<ServedModel> ServedModel::load(const std::string& folder) {
  PITH_ASSIGN(Model model, Model::load(folder));
  const std::string tokenizer_path = join_path(folder, "tokenizer.json");
  if (!file_exists(tokenizer_path)) {
    return input_error("[model] " + folder +
                       ": tokenizer.json is missing; copy the one that the model was trained with");
  }
  PITH_ASSIGN(Tokenizer tokenizer, Tokenizer::load(tokenizer_path));
  if (tokenizer.vocab_size() > model.config().vocab_size) {
    return format_error("[model] " + folder + ": tokenizer.json has " +
                        std::to_string(tokenizer.vocab_size()) + " tokens, the model only " +
                        std::to_string(model.config().vocab_size) +
                        "; they do not belong together");
  }
  PITH_ASSIGN(const Json tokenizer_config, read_optional(folder, "tokenizer_config.json"));
  PITH_ASSIGN(const Json generation_config, read_optional(folder, "generation_config.json"));

  ServedModel served{.model = std::move(model),
                     .tokenizer = std::move(tokenizer),
                     .bos_id = {},
                     .stop_ids = {},
                     .special_ids = {},
                     .sampler = {}};
  served.bos_id = find_bos(served.tokenizer, tokenizer_config);
  served.stop_ids = find_stop_ids(served.tokenizer, generation_config);
  for (const AddedToken& token : served.tokenizer.added_tokens()) {
    const auto& stops = served.stop_ids;
    if (token.special && std::find(stops.begin(), stops.end(), token.id) == stops.end()) {
      served.special_ids.push_back(token.id);
    }
  }
  PITH_ASSIGN(served.chat_style, find_chat_style(folder, generation_config));
  SamplerOptions& sampler = served.sampler;
  sampler.temperature = generation_config["temperature"].as_double(sampler.temperature);
  sampler.top_p = generation_config["top_p"].as_double(sampler.top_p);
  sampler.top_k = static_cast<int>(generation_config["top_k"].as_int(sampler.top_k));
  return served;
}

std::vector<int> ServedModel::encode_prompt(std::string_view text) const {
  std::vector<int> ids;
  if (bos_id) ids.push_back(*bos_id);
  tokenizer.encode(text, ids);
  return ids;
}

}  // namespace pith
