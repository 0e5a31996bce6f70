#pragma once

#include <cstdint>
#include <memory>

#include "pith/infer/served_block.h"
#include "pith/infer/tensor_reader.h"
#include "pith/model/network.h"

// Multi-head latent attention (model/network.h) over a cache of latent vectors: of a token only
// that of its keys and values (L) and the turned part of its key (R) are kept, L + R numbers
// whatever the number of heads. Queries are taken to the latent space instead (DeepSeek-AI 2024,
// DeepSeek-V2, section 2.1.2): with key_h = K_h latent and value_h = V_h latent,
//   q_h . key_h = (K_h^T q_h) . latent,   sum p value_h = V_h (sum p latent)
// so that keys and values of heads never exist.
namespace pith {

Result<std::unique_ptr<ServedBlock>> read_block(const LatentAttention& block, std::size_t channels,
                                                double norm_epsilon, TensorReader& reader);

ScratchNeeds scratch_needs(const LatentAttention& block, std::size_t channels);
std::uint64_t served_bytes(const LatentAttention& block, std::size_t channels);
CacheShape cache_shape(const LatentAttention& block);
RopeTable rope_table(const LatentAttention& block, double theta);

}  // namespace pith
