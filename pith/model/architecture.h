#pragma once

#include <span>
#include <string_view>

#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/model/config_field.h"
#include "pith/model/network.h"

// The architectures that are trained and served. docs/add-an-architecture.md adds one.
namespace pith {

// A file that goes into every model folder.
struct ArchitectureFile {
  std::string_view name, content;
};

// What distinguishes an architecture; everything else follows from it. The functions are given a
// config of this architecture.
struct Architecture {
  std::string_view model_type;          // in config.json: "llama"
  std::string_view class_name;          // in transformers: "LlamaForCausalLM"
  std::span<const ConfigField> fields;  // beside those that all have
  std::span<const FixedField> fixed;

  // Gives a value to fields of Absent::kFilledIn that are 0 because nothing was said.
  void (*fill_in)(ModelConfig& config);
  // What bounds do not say: numbers that do not fit together. The error is of a caller's config.
  Status (*check)(const ModelConfig& config);
  Network (*network)(const ModelConfig& config);
  // Gives a new training this architecture's own numbers, from hidden_size, intermediate_size,
  // layers and heads; null when there are none.
  void (*propose)(ModelConfig& config) = nullptr;
  // Sets members of config.json that follow from the others; null when there are none.
  void (*write_derived)(const ModelConfig& config, Json& json) = nullptr;
  std::span<const ArchitectureFile> files = {};  // of one that transformers itself does not have
};

std::span<const Architecture* const> architectures();

// Null when there is none of this model_type.
const Architecture* find_architecture(std::string_view model_type);
const Architecture& architecture_of(const ModelConfig& config);  // which there is
std::string architecture_names();                                // "arcee", "llama", ...

Network network_of(const ModelConfig& config);

// Fields that all architectures have.
std::span<const ConfigField> common_fields();

// The field of this name that `architecture` has, common ones included; null when there is none.
const ConfigField* find_field(const Architecture& architecture, std::string_view name);

// Sets the field to a number or flag, as a training is told: kInput for another type or a value out
// of bounds.
Status set_field(const ConfigField& field, const Json& value, ModelConfig& config);

// For `check` of architectures with grouped attention: heads, kv_heads and head_size fit together.
Status check_grouped_attention(const ModelConfig& config);
// For their `fill_in`: as many key-value heads as heads, and heads that divide the width.
void fill_in_grouped_attention(ModelConfig& config);

}  // namespace pith
