#include "pith/train/train_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pith/base/closest_word.h"
#include "pith/base/files.h"
#include "pith/base/toml_nesting.h"
#include "pith/model/architecture.h"

namespace pith {
namespace {

using Config = TrainConfig;

// Where a value goes.
using Field = std::variant<std::int64_t Config::*, double Config::*, bool Config::*,
                           std::optional<bool> Config::*, std::string Config::*>;

// A name of the file: where its value goes, and what it may be.
struct Entry {
  std::string_view table, name;
  Field field;
  double least = 0, most = 0;
  std::string_view words[3] = {};  // of a string
};

constexpr double kMany = 1e9;
const std::array kEntries = {
    Entry{"model", "hidden_size", &Config::hidden_size, 8, 65536},
    Entry{"model", "layers", &Config::layers, 1, 1024},
    Entry{"model", "heads", &Config::heads, 1, 1024},
    Entry{"model", "key_value_heads", &Config::key_value_heads, 1, 1024},
    Entry{"model", "intermediate_size", &Config::intermediate_size, 1, 1 << 20},
    Entry{"model", "context_length", &Config::context_length, 8, 1 << 20},
    Entry{"model", "tie_embeddings", &Config::tie_embeddings},
    Entry{"training", "batch_tokens", &Config::batch_tokens, 8, kMany},
    Entry{"training", "learning_rate", &Config::learning_rate, 1e-9, 100},
    Entry{"training", "final_learning_rate", &Config::final_learning_rate, 0, 1},
    Entry{"training", "warmup", &Config::warmup, 0, 1},
    Entry{"training", "decay", &Config::decay, 0, 1},
    Entry{"training", "batch_ramp", &Config::batch_ramp, 0, 1},
    Entry{"training", "average", &Config::average, 0, 1},
    Entry{"training", "optimizer", &Config::optimizer, 0, 0, {"muon", "adamw"}},
    Entry{"training", "adamw_learning_rate", &Config::adamw_learning_rate, 1e-9, 100},
    Entry{"training", "momentum", &Config::momentum, 0, 0.99999},
    Entry{"training", "orthogonal_steps", &Config::orthogonal_steps, 1, 12},
    Entry{"training", "muon_scale", &Config::muon_scale, 0, 0, {"spectral", "rms"}},
    Entry{"training", "neuron_scaling", &Config::neuron_scaling},
    Entry{"training", "cautious_decay", &Config::cautious_decay},
    Entry{"training", "weight_decay", &Config::weight_decay, 0, 10},
    Entry{"training", "clip", &Config::clip, 0, kMany},
    Entry{"training", "beta1", &Config::beta1, 0, 0.99999},
    Entry{"training", "beta2", &Config::beta2, 0, 0.99999},
    Entry{"training", "precision", &Config::precision, 0, 0, {"float32", "bfloat16", "int8"}},
    Entry{"training", "embedding_deviation", &Config::embedding_deviation, 0, 100},
    Entry{"training", "hidden_deviation", &Config::hidden_deviation, 0, 100},
    Entry{"training", "residual_deviation", &Config::residual_deviation, 0, 100},
    Entry{"training", "router_bias_rate", &Config::router_bias_rate, 0, 1},
    Entry{"training", "sequence_balance", &Config::sequence_balance, 0, 10},
    Entry{"training", "second_token_weight", &Config::second_token_weight, 0, 10},
};

std::string most_alike(std::string_view name) {
  const auto best =
      std::min_element(kEntries.begin(), kEntries.end(), [&](const Entry& a, const Entry& b) {
        return edit_distance(name, a.name) < edit_distance(name, b.name);
      });
  return "[" + std::string(best->table) + "] " + std::string(best->name);
}

std::string bound_text(double bound) {
  std::string text = Json(bound).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

class ConfigReader {
 public:
  explicit ConfigReader(std::string path) : path_(std::move(path)) {}

  Result<TrainConfig> read(const toml::table& file, const std::vector<std::string>& others) {
    for (const auto& [key, node] : file) {
      if (std::ranges::find(others, key.str()) != others.end()) continue;
      const std::string_view table_name = key.str();
      if (table_name != "model" && table_name != "training") {
        return error(key.source(), "unknown name \"" + std::string(table_name) +
                                       "\"; there are the tables [model] and [training], such as " +
                                       most_alike(table_name));
      }
      const toml::table* table = node.as_table();
      if (table == nullptr) {
        return error(key.source(), std::string(table_name) + " is no table; write it as [" +
                                       std::string(table_name) + "]");
      }
      for (const auto& [name, value] : *table) PITH_TRY(read_entry(table_name, name, value));
    }
    return config_;
  }

 private:
  Error error(const toml::source_region& source, const std::string& what) const {
    return input_error("[config] " + path_ + " line " + std::to_string(source.begin.line) + ": " +
                       what);
  }

  Status read_entry(std::string_view table, const toml::key& key, const toml::node& value) {
    if (table == "model" && key.str() == "architecture") return read_architecture(value);
    const auto entry = std::ranges::find_if(
        kEntries, [&](const Entry& e) { return e.table == table && e.name == key.str(); });
    if (entry == kEntries.end() && table == "model" && is_architecture_field(key.str())) {
      return read_architecture_field(key, value);
    }
    if (entry == kEntries.end()) {
      return error(key.source(), "unknown name \"" + std::string(key.str()) + "\" in [" +
                                     std::string(table) + "]; did you mean " +
                                     most_alike(key.str()) + "?");
    }
    const std::string name(entry->name);
    if (const auto* word = std::get_if<std::string Config::*>(&entry->field)) {
      const auto given = value.value_exact<std::string>();
      const auto known = [&](std::string_view one) { return !one.empty() && one == *given; };
      if (!given || std::ranges::none_of(entry->words, known)) {
        std::string words;
        for (const std::string_view one : entry->words) {
          if (!one.empty()) words += (words.empty() ? "\"" : " or \"") + std::string(one) + "\"";
        }
        return error(value.source(), name + " must be " + words);
      }
      config_.** word = *given;
      return {};
    }
    const auto* flag = std::get_if<bool Config::*>(&entry->field);
    const auto* maybe = std::get_if<std::optional<bool> Config::*>(&entry->field);
    if (flag != nullptr || maybe != nullptr) {
      const auto given = value.value_exact<bool>();
      if (!given) return error(value.source(), name + " must be true or false");
      if (flag != nullptr) {
        config_.** flag = *given;
      } else {
        config_.** maybe = *given;
      }
      return {};
    }
    const auto* whole = std::get_if<std::int64_t Config::*>(&entry->field);
    const auto integer = value.value_exact<std::int64_t>();
    const auto number = integer ? static_cast<double>(*integer) : value.value_exact<double>();
    if (!number || (whole != nullptr && !integer) || !(*number >= entry->least) ||
        !(*number <= entry->most)) {
      return error(value.source(), name + " must be " +
                                       (whole != nullptr ? "an integer" : "a number") + " from " +
                                       bound_text(entry->least) + " to " + bound_text(entry->most));
    }
    if (whole != nullptr) {
      config_.** whole = *integer;
    } else {
      config_.*std::get<double Config::*>(entry->field) = *number;
    }
    return {};
  }

  Status read_architecture(const toml::node& value) {
    const auto name = value.value_exact<std::string>();
    if (!name || find_architecture(*name) == nullptr) {
      return error(value.source(), "architecture must be one of " + architecture_names());
    }
    config_.architecture = *name;
    return {};
  }

  static bool is_architecture_field(std::string_view name) {
    if (name == "rope_theta" || name == "rms_norm_eps") return true;
    return std::ranges::any_of(architectures(), [&](const Architecture* architecture) {
      return std::ranges::any_of(architecture->fields,
                                 [&](const ConfigField& field) { return field.name == name; });
    });
  }

  // Its bounds are checked once the whole table is known (plan.cc).
  Status read_architecture_field(const toml::key& key, const toml::node& value) {
    Json json;
    if (const auto flag = value.value_exact<bool>()) json = *flag;
    if (const auto integer = value.value_exact<std::int64_t>()) json = *integer;
    if (const auto number = value.value_exact<double>()) json = *number;
    if (json.is_null()) {
      return error(value.source(), std::string(key.str()) + " must be a number, true or false");
    }
    config_.architecture_fields.emplace_back(key.str(), std::move(json));
    return {};
  }

  std::string path_;
  TrainConfig config_;
};

}  // namespace

Result<TrainConfig> read_train_config(const std::string& path,
                                      const std::vector<std::string>& others) {
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 20));
  PITH_TRY(check_toml_nesting(text, path));
  try {
    return ConfigReader(path).read(toml::parse(text, path), others);
  } catch (const toml::parse_error& error) {
    return input_error("[config] " + path + " line " + std::to_string(error.source().begin.line) +
                       ": is no TOML: " + std::string(error.description()));
  } catch (const std::exception& error) {
    return input_error("[config] " + path + ": cannot be read: " + error.what());
  }
}

Json to_json(const TrainConfig& config) {
  Json json = Json::object();
  for (const Entry& entry : kEntries) {
    std::visit(
        [&](auto field) {
          const auto& value = config.*field;
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::optional<bool>>) {
            json.set(entry.name, value ? Json(*value) : Json());
          } else {
            json.set(entry.name, value);
          }
        },
        entry.field);
  }
  json.set("architecture", config.architecture_name());
  for (const auto& [name, value] : config.architecture_fields) json.set(name, value);
  return json;
}

}  // namespace pith
