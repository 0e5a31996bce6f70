#include "pith/train/train_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/closest_word.h"
#include "pith/base/files.h"
#include "pith/base/toml_nesting.h"

namespace pith {
namespace {

// A name of the file: where its value goes, and what it may be.
struct Entry {
  std::string_view table, name;
  std::int64_t TrainConfig::*integer = nullptr;
  double TrainConfig::*number = nullptr;  // neither: tie_embeddings
  double least = 0, most = 0;
};

constexpr double kMany = 1e9;
const std::array kEntries = {
    Entry{"model", "hidden_size", &TrainConfig::hidden_size, nullptr, 8, 65536},
    Entry{"model", "layers", &TrainConfig::layers, nullptr, 1, 1024},
    Entry{"model", "heads", &TrainConfig::heads, nullptr, 1, 1024},
    Entry{"model", "key_value_heads", &TrainConfig::key_value_heads, nullptr, 1, 1024},
    Entry{"model", "intermediate_size", &TrainConfig::intermediate_size, nullptr, 1, 1 << 20},
    Entry{"model", "context_length", &TrainConfig::context_length, nullptr, 8, 1 << 20},
    Entry{"model", "tie_embeddings", nullptr, nullptr, 0, 0},
    Entry{"training", "batch_tokens", &TrainConfig::batch_tokens, nullptr, 8, kMany},
    Entry{"training", "learning_rate", nullptr, &TrainConfig::learning_rate, 1e-9, 100},
    Entry{"training", "final_learning_rate", nullptr, &TrainConfig::final_learning_rate, 0, 1},
    Entry{"training", "warmup", nullptr, &TrainConfig::warmup, 0, 1},
    Entry{"training", "weight_decay", nullptr, &TrainConfig::weight_decay, 0, 10},
    Entry{"training", "clip", nullptr, &TrainConfig::clip, 0, kMany},
    Entry{"training", "beta1", nullptr, &TrainConfig::beta1, 0, 0.99999},
    Entry{"training", "beta2", nullptr, &TrainConfig::beta2, 0, 0.99999},
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
    const auto entry = std::ranges::find_if(
        kEntries, [&](const Entry& e) { return e.table == table && e.name == key.str(); });
    if (entry == kEntries.end()) {
      return error(key.source(), "unknown name \"" + std::string(key.str()) + "\" in [" +
                                     std::string(table) + "]; did you mean " +
                                     most_alike(key.str()) + "?");
    }
    const std::string name(entry->name);
    if (entry->integer == nullptr && entry->number == nullptr) {
      const auto flag = value.value_exact<bool>();
      if (!flag) return error(value.source(), name + " must be true or false");
      config_.tie_embeddings = *flag;
      return {};
    }
    const auto integer = value.value_exact<std::int64_t>();
    const auto number = integer ? static_cast<double>(*integer) : value.value_exact<double>();
    if (!number || (entry->integer != nullptr && !integer) || !(*number >= entry->least) ||
        !(*number <= entry->most)) {
      return error(value.source(),
                   name + " must be " + (entry->integer != nullptr ? "an integer" : "a number") +
                       " from " + bound_text(entry->least) + " to " + bound_text(entry->most));
    }
    if (entry->integer != nullptr) {
      config_.*entry->integer = *integer;
    } else {
      config_.*entry->number = *number;
    }
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
    if (entry.integer != nullptr) {
      json.set(entry.name, config.*entry.integer);
    } else if (entry.number != nullptr) {
      json.set(entry.name, config.*entry.number);
    } else {
      json.set(entry.name, config.tie_embeddings ? Json(*config.tie_embeddings) : Json());
    }
  }
  return json;
}

}  // namespace pith
