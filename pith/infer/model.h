#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/tensor/cpu/packed_matrix.h"

// A Llama-architecture model as served: weights in 32-bit floats, packed for products with few
// tokens, those that meet the same input side by side.
//
// Threads: const after load, any number of sessions share it. Lifetime: outlives its sessions.
namespace pith {

// Shapes by the config's letters: C channels, H heads, G key-value heads, D head size, F hidden
// size of the MLP (Fp: rounded up to whole panels), V vocabulary.
struct LayerWeights {
  std::vector<float> attention_norm;  // (C)
  PackedMatrix qkv;                   // ((H + 2 G) D, C): queries, keys, values
  PackedMatrix output;                // (C, H D)
  std::vector<float> mlp_norm;        // (C)
  PackedMatrix gate_up;               // (2 Fp, C): a panel of gates, a panel of ups, and so on
  PackedMatrix down;                  // (C, F)
};

class Model {
 public:
  // Reads a Hugging Face model folder: config.json and model.safetensors, or the shards that
  // model.safetensors.index.json names; F64, BF16 and F16 become F32. Errors: kInput for a folder
  // that is no model or an architecture not served, kFormat for damaged files, missing tensors and
  // shapes other than the config's (both are named), kIo.
  static Result<Model> load(const std::string& folder);

  // Fills `out` with the tensor of this name and shape.
  using TensorSource = std::function<Status(
      std::string_view name, std::span<const std::int64_t> shape, std::span<float> out)>;
  static Result<Model> from_source(const ModelConfig& config, const TensorSource& read);

  const ModelConfig& config() const { return config_; }
  const std::vector<LayerWeights>& layers() const { return layers_; }
  const std::vector<float>& final_norm() const { return final_norm_; }  // (C)
  // (V, C); the embedding too when it is tied.
  const PackedMatrix& output_head() const { return output_head_; }
  void embed(int id, std::span<float> out) const;  // out is (C)
  std::size_t parameters() const { return parameters_; }

 private:
  ModelConfig config_;
  std::vector<LayerWeights> layers_;
  std::vector<float> final_norm_;
  PackedMatrix output_head_;
  std::vector<float> embedding_;  // (V, C), empty when tied
  std::size_t parameters_ = 0;
};

}  // namespace pith
