#include "pith/train/plan_file.h"

#include <utility>

#include "pith/base/files.h"
#include "pith/base/json.h"

namespace pith {

Status write_plan_file(const PlanFile& file, const std::string& path) {
  Json json = Json::object();
  json.set("plan", to_json(file.plan));
  json.set("revisions", revisions_json(file.plan));
  json.set("settled", file.settled);
  json.set("spent_before", file.spent_before);
  json.set("manifest", to_json(file.manifest));
  return write_file(path, json.dump(true) + "\n");
}

Result<std::optional<PlanFile>> find_plan_file(const std::string& path, const Manifest& manifest,
                                               const std::string& out) {
  if (!file_exists(path)) return std::optional<PlanFile>();
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 26));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  PlanFile file;
  PITH_ASSIGN(file.manifest, parse_manifest(json["manifest"], path));
  if (const std::string why = difference(manifest, file.manifest); !why.empty()) {
    return input_error("[train] " + out + ": holds another training: " + why +
                       "; remove it, or give another -o");
  }
  PITH_ASSIGN(file.plan, parse_plan(json["plan"], json["revisions"], path));
  file.spent_before = json["spent_before"].as_double();
  file.settled = json["settled"].as_bool();
  return std::optional<PlanFile>(std::move(file));
}

}  // namespace pith
