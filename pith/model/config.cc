#include "pith/model/config.h"

#include <cmath>

#include "pith/base/files.h"

namespace pith {
namespace {

struct Bound {
  const char* field;
  std::int64_t value, least, most;
};

std::string number(double value) { return Json(value).dump(); }

// Reads fields and keeps the first thing that is wrong.
class FieldReader {
 public:
  FieldReader(const Json& json, std::string_view name) : json_(json), name_(name) {}

  int integer(std::string_view field) {
    const Json& value = json_[field];
    if (value.is_null()) return fail(field, "is missing"), 0;
    return integer_or(field, 0);
  }

  int integer_or(std::string_view field, int fallback) {
    const Json& value = json_[field];
    if (value.is_null()) return fallback;
    constexpr std::int64_t kMost = 1 << 30;
    if (!value.is_integer() || value.as_int() < -1 || value.as_int() > kMost) {
      return fail(field, "is no integer of a sensible size: " + value.dump()), 0;
    }
    return static_cast<int>(value.as_int());
  }

  double number_or(const Json& value, std::string_view field, double fallback) {
    if (value.is_null()) return fallback;
    if (!value.is_number()) return fail(field, "is no number: " + value.dump()), 0.0;
    return value.as_double();
  }

  // An id, or a list of ids, of which the first counts.
  int token_id(std::string_view field) {
    const Json& value = json_[field];
    if (!value.is_array()) return integer_or(field, -1);
    const bool usable = !value.items().empty() && value.items()[0].is_integer() &&
                        value.items()[0].as_int() >= 0 && value.items()[0].as_int() < (1 << 30);
    if (!usable) return fail(field, "is no list of token ids: " + value.dump()), -1;
    return static_cast<int>(value.items()[0].as_int());
  }

  void fail(std::string_view field, const std::string& what) {
    if (!error_.empty()) return;
    error_ = "[model] " + std::string(name_) + ": " + std::string(field) + " " + what;
  }
  const std::string& error() const { return error_; }

 private:
  const Json& json_;
  std::string_view name_;
  std::string error_;
};

void read_rope(const Json& json, FieldReader& fields, ModelConfig& config) {
  const Json& parameters = json["rope_parameters"];  // transformers 5
  const Json& scaling = json["rope_scaling"];        // transformers 4
  const Json& theta =
      parameters["rope_theta"].is_null() ? json["rope_theta"] : parameters["rope_theta"];
  config.rope_theta = fields.number_or(theta, "rope_theta", config.rope_theta);
  for (const Json* settings : {&parameters, &scaling}) {
    const Json& type = settings->has("rope_type") ? (*settings)["rope_type"] : (*settings)["type"];
    if (!type.is_null() && type.as_string() != "default") {
      fields.fail("rope_type", "is not served (only \"default\" is): " + type.dump());
    }
  }
}

}  // namespace

Status validate(const ModelConfig& config) {
  constexpr std::int64_t kMillion = 1000000;
  const Bound bounds[] = {
      {"vocab_size", config.vocab_size, 2, 4 * kMillion},
      {"hidden_size", config.hidden_size, 1, 65536},
      {"intermediate_size", config.intermediate_size, 1, 1048576},
      {"num_hidden_layers", config.layers, 1, 1024},
      {"num_attention_heads", config.heads, 1, 1024},
      {"num_key_value_heads", config.kv_heads, 1, 1024},
      {"head_dim", config.head_size, 2, 1024},
      {"max_position_embeddings", config.context, 1, 16 * kMillion},
      {"bos_token_id", config.bos_token_id, -1, config.vocab_size - 1},
      {"eos_token_id", config.eos_token_id, -1, config.vocab_size - 1},
      {"pad_token_id", config.pad_token_id, -1, config.vocab_size - 1},
  };
  for (const Bound& bound : bounds) {
    if (bound.value < bound.least || bound.value > bound.most) {
      return input_error("[model] " + std::string(bound.field) + " is not from " +
                         std::to_string(bound.least) + " to " + std::to_string(bound.most) + ": " +
                         std::to_string(bound.value));
    }
  }
  if (config.heads % config.kv_heads != 0) {
    return input_error("[model] num_attention_heads is no multiple of num_key_value_heads: " +
                       std::to_string(config.heads) + " and " + std::to_string(config.kv_heads));
  }
  if (config.head_size % 2 != 0) {
    return input_error("[model] head_dim is odd, which RoPE cannot turn: " +
                       std::to_string(config.head_size));
  }
  if (!(config.rope_theta >= 1 && config.rope_theta <= 1e12)) {
    return input_error("[model] rope_theta is not from 1 to 1e12: " + number(config.rope_theta));
  }
  if (!(config.norm_epsilon > 0 && config.norm_epsilon <= 0.1)) {
    return input_error("[model] rms_norm_eps is not above 0 and at most 0.1: " +
                       number(config.norm_epsilon));
  }
  return {};
}

Json to_json(const ModelConfig& config) {
  Json rope = Json::object();
  rope.set("rope_theta", config.rope_theta);
  rope.set("rope_type", "default");

  const auto id_or_null = [](int id) { return id >= 0 ? Json(id) : Json(); };
  JsonArray architectures;
  architectures.emplace_back("LlamaForCausalLM");

  Json json = Json::object();
  json.set("architectures", std::move(architectures));
  json.set("model_type", "llama");
  json.set("vocab_size", config.vocab_size);
  json.set("hidden_size", config.hidden_size);
  json.set("intermediate_size", config.intermediate_size);
  json.set("num_hidden_layers", config.layers);
  json.set("num_attention_heads", config.heads);
  json.set("num_key_value_heads", config.kv_heads);
  json.set("head_dim", config.head_size);
  json.set("max_position_embeddings", config.context);
  json.set("rope_theta", config.rope_theta);
  json.set("rope_parameters", std::move(rope));
  json.set("rope_scaling", Json());
  json.set("rms_norm_eps", config.norm_epsilon);
  json.set("hidden_act", "silu");
  json.set("attention_bias", false);
  json.set("attention_dropout", 0.0);
  json.set("mlp_bias", false);
  json.set("initializer_range", 0.02);
  json.set("tie_word_embeddings", config.tie_embeddings);
  json.set("use_cache", true);
  json.set("bos_token_id", id_or_null(config.bos_token_id));
  json.set("eos_token_id", id_or_null(config.eos_token_id));
  json.set("pad_token_id", id_or_null(config.pad_token_id));
  json.set("dtype", "float32");
  json.set("torch_dtype", "float32");
  return json;
}

Result<ModelConfig> parse_model_config(const Json& json, std::string_view name) {
  FieldReader fields(json, name);
  if (json["model_type"].as_string() != "llama") {
    return format_error("[model] " + std::string(name) + ": model_type is not \"llama\": " +
                        json["model_type"].dump() + "; only the Llama architecture is served");
  }
  ModelConfig config;
  config.vocab_size = fields.integer("vocab_size");
  config.hidden_size = fields.integer("hidden_size");
  config.intermediate_size = fields.integer("intermediate_size");
  config.layers = fields.integer("num_hidden_layers");
  config.heads = fields.integer("num_attention_heads");
  config.kv_heads = fields.integer_or("num_key_value_heads", config.heads);
  const int divided = config.heads > 0 ? config.hidden_size / config.heads : 0;
  config.head_size = fields.integer_or("head_dim", divided);
  config.context = fields.integer_or("max_position_embeddings", 2048);
  config.norm_epsilon = fields.number_or(json["rms_norm_eps"], "rms_norm_eps", 1e-6);
  config.tie_embeddings = json["tie_word_embeddings"].as_bool(false);
  config.bos_token_id = fields.token_id("bos_token_id");
  config.eos_token_id = fields.token_id("eos_token_id");
  config.pad_token_id = fields.token_id("pad_token_id");
  read_rope(json, fields, config);

  const Json& activation = json["hidden_act"];
  if (!activation.is_null() && activation.as_string() != "silu") {
    fields.fail("hidden_act", "is not \"silu\": " + activation.dump());
  }
  for (const char* bias : {"attention_bias", "mlp_bias"}) {
    if (json[bias].as_bool(false)) fields.fail(bias, "is true; models with biases are not served");
  }
  if (!fields.error().empty()) return format_error(fields.error());
  if (const Status status = validate(config); !status) {
    const std::string& message = status.error().message;  // "[model] what"
    return format_error("[model] " + std::string(name) + ": " + message.substr(8));
  }
  return config;
}

Result<ModelConfig> load_model_config(const std::string& folder) {
  const std::string path = join_path(folder, "config.json");
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 20));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  return parse_model_config(json, path);
}

}  // namespace pith
