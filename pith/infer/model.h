#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pith/base/result.h"
#include "pith/infer/served_block.h"
#include "pith/infer/tensor_reader.h"
#include "pith/model/config.h"
#include "pith/model/network.h"
#include "pith/ngram/interpolation.h"
#include "pith/tensor/cpu/packed_matrix.h"

// A model of any architecture (model/network.h) as served: weights in 32-bit floats, packed for
// products with few tokens, those that meet the same input side by side.
//
// Threads: const after load, any number of sessions share it. Lifetime: outlives its sessions.
namespace pith {

class Model {
 public:
  struct ServedLayer {
    std::vector<float> attention_norm;  // (C)
    std::unique_ptr<const ServedBlock> attention;
    std::vector<float> mlp_norm;  // (C)
    std::unique_ptr<const ServedBlock> mlp;
  };

  // Reads a Hugging Face model folder: config.json and model.safetensors, or the shards that
  // model.safetensors.index.json names; F64, BF16 and F16 become F32. Errors: kInput for a folder
  // that is no model or an architecture not served, kFormat for damaged files, missing tensors and
  // shapes other than the config's (both are named), kIo. So with the tables of counted n-grams.
  static Result<Model> load(const std::string& folder);
  // A layer that predicts a second token is left out.
  static Result<Model> from_source(const ModelConfig& config, const TensorSource& read,
                                   std::optional<Interpolation> interpolation = {});

  const ModelConfig& config() const { return config_; }
  const Network& network() const { return network_; }
  const std::vector<ServedLayer>& layers() const { return layers_; }
  const std::vector<float>& final_norm() const { return final_norm_; }  // (C)
  // (V, C); the embedding too when it is tied.
  const PackedMatrix& output_head() const { return output_head_; }
  // out is (C): the embedding of the last of `ids`, which are all tokens from the first on, or as
  // many as the network looks back on; normalised where the network says so.
  void embed(std::span<const int> ids, std::span<float> out) const;
  // What the network's logits are mixed with; null where the network speaks alone.
  const Interpolation* interpolation() const { return interpolation_ ? &*interpolation_ : nullptr; }
  std::size_t parameters() const { return parameters_; }

 private:
  ModelConfig config_;
  Network network_;
  std::vector<ServedLayer> layers_;
  std::vector<float> final_norm_;
  PackedMatrix output_head_;
  std::vector<float> embedding_;            // (V, C), empty when tied
  std::vector<std::vector<float>> ngrams_;  // (rows, C) each, as network() has them
  std::vector<float> embedding_norm_;       // (C), empty when the embedding is not normalised
  std::optional<Interpolation> interpolation_;
  std::size_t parameters_ = 0;
};

// What the blocks of a network need of a session: scratch, the cache and RoPE of its attention.
ScratchNeeds scratch_needs(const Network& network, std::size_t channels);
CacheShape cache_shape(const Network& network);
RopeTable rope_table(const Network& network, double theta);

}  // namespace pith
