#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/formats/safetensors.h"

// A Hugging Face model folder: what transformers loads with AutoModelForCausalLM.from_pretrained.
// See docs/formats/model_folder.md.
namespace pith {

struct ModelFolderContent {
  Json config, generation_config;
  std::vector<TensorToWrite> tensors;
  // Other files by name: tokenizer.json, tokenizer_config.json, ...
  std::vector<std::pair<std::string, std::string>> files;
};

// Where the model is: `path` itself, or its folder "model" when only that holds a config.json, as
// in what pith run writes.
std::string find_model_folder(const std::string& path);

// Writes the files into `folder`, each whole or not at all, config.json last: a folder without it
// is not taken for a model.
Status write_model_folder(const std::string& folder, const ModelFolderContent& content);

// config.json and the tensors of model.safetensors, or of the shards that
// model.safetensors.index.json names. Threads: any number may read.
class ModelFolder {
 public:
  // Errors: kInput when `folder` is none or holds no model, kFormat for damage.
  static Result<ModelFolder> open(const std::string& folder);

  const Json& config() const { return config_; }
  const TensorView* find(std::string_view name) const;  // null when there is none
  // As SafetensorsFile::read_floats.
  Status read_floats(std::string_view name, std::span<const std::int64_t> shape,
                     std::span<float> out) const;

 private:
  std::string folder_;
  Json config_;
  std::vector<SafetensorsFile> files_;
};

}  // namespace pith
