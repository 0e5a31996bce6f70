#pragma once

#include <memory>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/rope.h"

namespace pith {

// Sizes of multi-head latent attention (DeepSeek-AI 2024, DeepSeek-V2, section 2.1): H heads, whose
// queries and keys have N numbers without and R with a position, and whose values have E.
struct LatentShape {
  std::size_t H = 0, N = 0, R = 0, E = 0;
};

// What causal attention reads, made of what latent attention projects:
//   query (rows, H (N + R)): of every head N, then R
//   key_value (rows, H (N + E)): of every head the key's N, then the value
//   position_key (rows, R): one for all heads
//   qkv (rows, 2 H (N + R) + H E): queries, keys, values; both R are turned (rope_pairs).
// `angles` lives as long as the op.
std::unique_ptr<Op> latent_qkv_op(Activation* query, Activation* key_value,
                                  Activation* position_key, const RopeAngles& angles,
                                  const LatentShape& shape, Activation* qkv);

}  // namespace pith
