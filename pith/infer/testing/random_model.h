#pragma once

#include <map>
#include <optional>
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
  std::optional<Interpolation> interpolation;

  static RandomModel make(const ModelConfig& config, std::uint64_t seed);
  Model model() const;
  TensorSource source() const;  // of `tensors`; ends with this
  // Logits (T, V) of a Llama by the definition, in doubles, without a cache.
  std::vector<double> logits_ref(const std::vector<int>& ids) const;
  // config.json and model.safetensors; the folder must be there.
  void save(const std::string& folder) const;
};

// N-grams up to length 4 counted over random ids below `ids` of a vocabulary of `vocab`, with a
// weight of its own for every bucket.
Interpolation random_interpolation(int vocab, int ids, std::uint64_t seed);

// A small shape in which nothing is a multiple of anything.
ModelConfig awkward_config();

// That the logits of `ids` are the same to the bit whether they come at once, token by token or in
// pieces, on one thread or three, and again after a part was forgotten. At least 200 ids.
void expect_same_bits_in_pieces(const Model& model, const std::vector<int>& ids);

// Bytes and the standard special tokens, no merges: 263 ids.
Tokenizer byte_tokenizer();

}  // namespace pith
