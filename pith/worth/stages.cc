#include "pith/worth/stages.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/closest_word.h"

namespace pith {
namespace {

constexpr const char* kTarget = "target";    // no table: on when there are examples
constexpr const char* kPrivacy = "privacy";  // a table of flags, one a kind
// Tables that add columns and leave texts and choice alone.
constexpr const char* kColumnsOnly[] = {"topics", "summaries"};

bool is_on(const std::string& name, const Json& table) {
  if (std::ranges::find(kColumnsOnly, name) != std::end(kColumnsOnly)) return false;
  if (name != kPrivacy) return table["enabled"].as_bool();
  return std::ranges::any_of(table.members(),
                             [](const auto& kind) { return kind.second.as_bool(); });
}

// Of the tables that CurateOptions::filters switches off together.
bool is_filter(const std::string& name, const CurateConfig& config) {
  return name == "spam" || name == "c4_lines" ||
         std::ranges::any_of(config.filters,
                             [&](const auto& filter) { return filter->name() == name; });
}

// The table as it is when switched off.
Json switched_off(const std::string& name, Json table) {
  if (name != kPrivacy) {
    table.set("enabled", false);
    return table;
  }
  const JsonObject kinds = table.members();
  for (const auto& kind : kinds) table.set(kind.first, false);
  return table;
}

}  // namespace

std::vector<std::string> worth_stages(const CurateOptions& options) {
  std::vector<std::string> names;
  const Json config = to_json(*options.config);
  for (const auto& [name, table] : config.members()) {
    if (!options.filters && is_filter(name, *options.config)) continue;
    if (is_on(name, table)) names.push_back(name);
  }
  if (!options.like.empty()) names.emplace_back(kTarget);
  return names;
}

CurateOptions without_stages(const CurateOptions& options, const std::vector<std::string>& stages) {
  CurateOptions result = options;
  Json config = to_json(*options.config);
  for (const std::string& stage : stages) {
    if (stage == kTarget) {
      result.like.clear();
      continue;
    }
    PITH_CHECK(config.has(stage), "stages were checked");
    config.set(stage, switched_off(stage, config[stage]));
  }
  result.config = std::make_shared<CurateConfig>();
  from_json(config, *result.config);
  return result;
}

Status check_stages(const std::vector<std::string>& stages, const std::vector<std::string>& known) {
  for (const std::string& stage : stages) {
    if (std::ranges::find(known, stage) != known.end()) continue;
    std::string message = "[worth] there is no stage " + stage + " in this curation";
    if (stage == kTarget) {
      message += "; give --like examples";
    } else if (const std::string meant = closest_word(stage, known); !meant.empty()) {
      message += "; did you mean " + meant + "?";
    } else {
      std::string list;
      for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
      message += "; there are " + list;
    }
    return input_error(std::move(message));
  }
  return {};
}

}  // namespace pith
