#include "pith/formats/model_folder.h"

#include <set>

#include "pith/base/files.h"
#include "pith/base/json_typed.h"

namespace pith {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 64 << 20;

Result<Json> read_json(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path, kMaxJsonBytes));
  PITH_ASSIGN(Json json, parse_json(text, "[model] " + path));
  if (!json.is_object()) return format_error("[model] " + path + ": is no JSON object");
  return json;
}

// The files that hold tensors: one, or those that the index names.
Result<std::vector<std::string>> tensor_files(const std::string& folder) {
  const std::string single = join_path(folder, "model.safetensors");
  if (file_exists(single)) return std::vector<std::string>{single};
  const std::string index = join_path(folder, "model.safetensors.index.json");
  if (!file_exists(index)) {
    return input_error("[model] " + folder + ": holds no model.safetensors; give the folder of a " +
                       "trained model");
  }
  PITH_ASSIGN(const Json json, read_json(index));
  std::set<std::string> names;
  for (const auto& [tensor, file] : json["weight_map"].members()) {
    const std::string& name = file.as_string();
    if (name.empty() || name.find('/') != std::string::npos) {
      return format_error("[model] " + index + ": tensor \"" + tensor +
                          "\" lies in no file of this folder: " + file.dump());
    }
    names.insert(name);
  }
  std::vector<std::string> paths;
  for (const std::string& name : names) paths.push_back(join_path(folder, name));
  return paths;
}

}  // namespace

std::string find_model_folder(const std::string& path) {
  const std::string inner = join_path(path, "model");
  const bool only_inner =
      !file_exists(join_path(path, "config.json")) && file_exists(join_path(inner, "config.json"));
  return only_inner ? inner : path;
}

Status write_model_folder(const std::string& folder, const ModelFolderContent& content) {
  PITH_TRY(make_folders(folder));
  // transformers wants to know what wrote the tensors.
  const std::vector<std::pair<std::string, std::string>> metadata = {{"format", "pt"}};
  PITH_TRY(write_safetensors(join_path(folder, "model.safetensors"), content.tensors, metadata));
  for (const auto& [name, bytes] : content.files) {
    PITH_TRY(write_file(join_path(folder, name), bytes));
  }
  PITH_TRY(write_file(join_path(folder, "generation_config.json"),
                      content.generation_config.dump(true) + "\n"));
  return write_file(join_path(folder, "config.json"), dump_typed(content.config) + "\n");
}

Result<ModelFolder> ModelFolder::open(const std::string& folder) {
  if (!is_folder(folder)) {
    return input_error("[model] " + folder + ": is no folder; give the folder of a trained model");
  }
  const std::string config = join_path(folder, "config.json");
  if (!file_exists(config)) {
    return input_error("[model] " + folder + ": holds no config.json; give the folder of a " +
                       "trained model");
  }
  ModelFolder model;
  model.folder_ = folder;
  PITH_ASSIGN(model.config_, read_json(config));
  PITH_ASSIGN(const std::vector<std::string> paths, tensor_files(folder));
  for (const std::string& path : paths) {
    PITH_ASSIGN(SafetensorsFile file, SafetensorsFile::open(path));
    model.files_.push_back(std::move(file));
  }
  return model;
}

const TensorView* ModelFolder::find(std::string_view name) const {
  for (const SafetensorsFile& file : files_) {
    if (const TensorView* tensor = file.find(name)) return tensor;
  }
  return nullptr;
}

Status ModelFolder::read_floats(std::string_view name, std::span<const std::int64_t> shape,
                                std::span<float> out) const {
  for (const SafetensorsFile& file : files_) {
    if (file.find(name) != nullptr) return file.read_floats(name, shape, out);
  }
  return format_error("[model] " + folder_ + ": has no tensor \"" + std::string(name) +
                      "\", which its config.json asks for");
}

}  // namespace pith
