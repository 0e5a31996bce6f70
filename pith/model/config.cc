#include "pith/model/config.h"

#include <string>

#include "pith/base/files.h"
#include "pith/model/architecture.h"

namespace pith {
namespace {

std::string number_text(double value) {
  std::string text = Json(value).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

// "is not from 1 to 1024: 0"; empty when it is.
std::string outside(double value, double least, double most) {
  if (value >= least && value <= most) return "";
  return "is not from " + number_text(least) + " to " + number_text(most) + ": " +
         number_text(value);
}

std::string outside(const ConfigField& field, const ModelConfig& config) {
  if (field.flag != nullptr) return "";
  const double value =
      field.integer != nullptr ? static_cast<double>(config.*field.integer) : config.*field.number;
  if (field.zero_is_null && value == 0) return "";
  return outside(value, field.least, field.most);
}

void set(const ConfigField& field, double value, ModelConfig& config) {
  if (field.flag != nullptr) config.*field.flag = value != 0;
  if (field.integer != nullptr) config.*field.integer = static_cast<int>(value);
  if (field.number != nullptr) config.*field.number = value;
}

Json to_json(const ConfigField& field, const ModelConfig& config) {
  if (field.flag != nullptr) return config.*field.flag;
  const bool is_zero =
      field.integer != nullptr ? config.*field.integer == 0 : config.*field.number == 0;
  if (field.zero_is_null && is_zero) return {};
  return field.integer != nullptr ? Json(config.*field.integer) : Json(config.*field.number);
}

// Reads fields and keeps the first thing that is wrong.
class FieldReader {
 public:
  FieldReader(const Json& json, std::string_view name) : json_(json), name_(name) {}

  void read(const ConfigField& field, const Json& value, ModelConfig& config) {
    if (value.is_null()) {
      if (field.zero_is_null && json_.has(field.name)) return set(field, 0, config);
      if (field.absent == ConfigField::Absent::kError) return fail(field.name, "is missing");
      return set(field, field.missing, config);
    }
    if (field.flag != nullptr) {
      config.*field.flag = value.as_bool(field.missing != 0);
      return;
    }
    constexpr std::int64_t kMost = 1 << 30;
    if (field.integer != nullptr &&
        (!value.is_integer() || value.as_int() < -1 || value.as_int() > kMost)) {
      return fail(field.name, "is no integer of a sensible size: " + value.dump());
    }
    if (!value.is_number()) return fail(field.name, "is no number: " + value.dump());
    set(field, value.as_double(), config);
    if (const std::string what = outside(field, config); !what.empty()) fail(field.name, what);
  }
  void read(const ConfigField& field, ModelConfig& config) {
    read(field, json_[field.name], config);
  }

  void expect(const FixedField& field) {
    const Json& value = json_[field.name];
    if (value.is_null() && (field.missing.empty() || field.missing == field.value)) return;
    const std::string given = value.is_null() ? std::string(field.missing) : value.dump();
    if (given == field.value) return;
    fail(field.name, "is " + given + (value.is_null() ? " when left out" : "") + "; only " +
                         std::string(field.value) + " is served");
  }

  // An id, or a list of ids, of which the first counts.
  int token_id(std::string_view field) {
    const Json& value = json_[field];
    if (value.is_null()) return -1;
    const bool list = value.is_array();
    if (list && value.items().empty()) return fail(field, "is an empty list"), -1;
    const Json& id = list ? value.items()[0] : value;
    if (!id.is_integer() || id.as_int() < (list ? 0 : -1) || id.as_int() >= (1 << 30)) {
      return fail(field, "is no token id: " + value.dump()), -1;
    }
    return static_cast<int>(id.as_int());
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

void read_rope(const Json& json, const ConfigField& field, FieldReader& fields,
               ModelConfig& config) {
  const Json& parameters = json["rope_parameters"];  // transformers 5
  const Json& scaling = json["rope_scaling"];        // transformers 4
  const Json& theta =
      parameters["rope_theta"].is_null() ? json["rope_theta"] : parameters["rope_theta"];
  fields.read(field, theta, config);
  for (const Json* settings : {&parameters, &scaling}) {
    const Json& type = settings->has("rope_type") ? (*settings)["rope_type"] : (*settings)["type"];
    if (!type.is_null() && type.as_string() != "default") {
      fields.fail("rope_type", "is not served (only \"default\" is): " + type.dump());
    }
  }
}

constexpr std::pair<std::string_view, int ModelConfig::*> kTokenIds[] = {
    {"bos_token_id", &ModelConfig::bos_token_id},
    {"eos_token_id", &ModelConfig::eos_token_id},
    {"pad_token_id", &ModelConfig::pad_token_id}};

}  // namespace

Status validate(const ModelConfig& config) {
  const Architecture* architecture = find_architecture(config.architecture);
  if (architecture == nullptr) {
    return input_error("[model] model_type is none that is served: \"" + config.architecture +
                       "\"; there are " + architecture_names());
  }
  for (const std::span<const ConfigField> fields : {common_fields(), architecture->fields}) {
    for (const ConfigField& field : fields) {
      if (const std::string what = outside(field, config); !what.empty()) {
        return input_error("[model] " + std::string(field.name) + " " + what);
      }
    }
  }
  for (const auto& [name, id] : kTokenIds) {
    const std::string what = outside(config.*id, -1, config.vocab_size - 1);
    if (!what.empty()) return input_error("[model] " + std::string(name) + " " + what);
  }
  return architecture->check(config);
}

Json to_json(const ModelConfig& config) {
  const Architecture& architecture = architecture_of(config);
  Json rope = Json::object();
  rope.set("rope_theta", config.rope_theta);
  rope.set("rope_type", "default");
  JsonArray classes;
  classes.emplace_back(architecture.class_name);

  Json json = Json::object();
  json.set("architectures", std::move(classes));
  json.set("model_type", architecture.model_type);
  for (const std::span<const ConfigField> fields : {common_fields(), architecture.fields}) {
    for (const ConfigField& field : fields) json.set(field.name, to_json(field, config));
  }
  json.set("rope_parameters", std::move(rope));
  json.set("rope_scaling", Json());
  for (const FixedField& field : architecture.fixed) {
    json.set(field.name, parse_json(field.value, field.name).value());
  }
  if (architecture.write_derived != nullptr) architecture.write_derived(config, json);
  json.set("attention_dropout", 0.0);
  json.set("initializer_range", 0.02);
  json.set("use_cache", true);
  for (const auto& [name, id] : kTokenIds) {
    json.set(name, config.*id >= 0 ? Json(config.*id) : Json());
  }
  json.set("dtype", "float32");
  json.set("torch_dtype", "float32");
  return json;
}

Result<ModelConfig> parse_model_config(const Json& json, std::string_view name) {
  FieldReader reader(json, name);
  ModelConfig config;
  config.architecture = json["model_type"].as_string();
  const Architecture* architecture = find_architecture(config.architecture);
  if (architecture == nullptr) {
    return format_error("[model] " + std::string(name) + ": model_type is none that is served: " +
                        json["model_type"].dump() + "; there are " + architecture_names());
  }
  for (const std::span<const ConfigField> fields : {common_fields(), architecture->fields}) {
    for (const ConfigField& field : fields) {
      if (field.name == "rope_theta") {
        read_rope(json, field, reader, config);
      } else {
        reader.read(field, config);
      }
    }
  }
  for (const auto& [key, id] : kTokenIds) config.*id = reader.token_id(key);
  for (const FixedField& field : architecture->fixed) reader.expect(field);
  if (!reader.error().empty()) return format_error(reader.error());
  architecture->fill_in(config);
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
