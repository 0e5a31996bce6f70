#include "pith/formats/manifest.h"

#include <utility>

#include "pith/base/byte_stream.h"
#include "pith/base/hash.h"

namespace pith {
namespace {

Json files_to_json(const std::vector<ManifestFile>& files) {
  Json array = Json::array();
  for (const ManifestFile& file : files) {
    Json json = Json::object();
    json.set("path", file.path);
    json.set("bytes", file.bytes);
    json.set("hash", file.hash);
    array.push_back(std::move(json));
  }
  return array;
}

std::vector<ManifestFile> files_from_json(const Json& array) {
  std::vector<ManifestFile> files;
  for (const Json& json : array.items()) {
    files.push_back({json["path"].as_string(), static_cast<std::uint64_t>(json["bytes"].as_int()),
                     json["hash"].as_string()});
  }
  return files;
}

}  // namespace

Result<ManifestFile> describe_file(const std::string& path) {
  PITH_ASSIGN(const auto source, open_raw(path));
  Hasher128 hasher;
  ManifestFile file{.path = path, .bytes = 0, .hash = ""};
  std::string buffer(1 << 16, '\0');
  while (true) {
    PITH_ASSIGN(const std::size_t got, source->read(buffer));
    if (got == 0) break;
    hasher.add(std::string_view(buffer).substr(0, got));
    file.bytes += got;
  }
  file.hash = hex(hasher.finish());
  return file;
}

Json to_json(const Manifest& manifest) {
  Json json = Json::object();
  json.set("program", manifest.program);
  json.set("options", manifest.options);
  json.set("inputs", files_to_json(manifest.inputs));
  json.set("outputs", files_to_json(manifest.outputs));
  return json;
}

Result<Manifest> parse_manifest(const Json& json, const std::string& name) {
  if (!json["program"].is_string() || !json["options"].is_object() || !json["inputs"].is_array() ||
      !json["outputs"].is_array()) {
    return format_error("[manifest] " + name +
                        ": is no manifest: program, options, inputs or outputs are missing");
  }
  return Manifest{json["program"].as_string(), json["options"], files_from_json(json["inputs"]),
                  files_from_json(json["outputs"])};
}

std::string difference(const Manifest& wanted, const Manifest& done) {
  if (wanted.program != done.program) {
    return "program is " + wanted.program + ", was " + done.program;
  }
  for (const auto& [name, value] : wanted.options.members()) {
    if (value.dump() != done.options[name].dump()) {
      return "option " + name + " is " + value.dump() + ", was " + done.options[name].dump();
    }
  }
  for (const auto& [name, value] : done.options.members()) {
    if (!wanted.options.has(name)) return "option " + name + " is not given, was " + value.dump();
  }
  if (wanted.inputs.size() != done.inputs.size()) {
    return std::to_string(wanted.inputs.size()) + " input files, were " +
           std::to_string(done.inputs.size());
  }
  for (std::size_t i = 0; i < wanted.inputs.size(); ++i) {
    if (wanted.inputs[i].bytes != done.inputs[i].bytes ||
        wanted.inputs[i].hash != done.inputs[i].hash) {
      return "input " + wanted.inputs[i].path + " is another file than then";
    }
  }
  return "";
}

}  // namespace pith
