#pragma once

#include <map>
#include <string>
#include <vector>

#include "pith/infer/model.h"
#include "pith/text/tokenizer.h"

// For tests: small models with random weights, and the definition of what they compute.
namespace pith {

struct RandomModel {
  ModelConfig config;
  std::map<std::string, std::vector<float>> tensors;  // by name, row by row
  std::map<std::string, std::vector<std::int64_t>> shapes;

  static RandomModel make(const ModelConfig& config, std::uint64_t seed);
  Model model() const;
  // Logits (T, V) of a Llama by the definition, in doubles, without a cache.
  std::vector<double> logits_ref(const std::vector<int>& ids) const;
  // config.json and model.safetensors; the folder must be there.
  void save(const std::string& folder) const;
};

// A small shape in which nothing is a multiple of anything.
ModelConfig awkward_config();

// Bytes and the standard special tokens, no merges: 263 ids.
Tokenizer byte_tokenizer();

}  // namespace pith
