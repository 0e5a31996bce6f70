#pragma once

#include <cstdint>
#include <memory>

#include "pith/infer/served_block.h"
#include "pith/infer/tensor_reader.h"
#include "pith/model/network.h"

// Grouped-query attention over the KV cache (model/network.h).
namespace pith {

Result<std::unique_ptr<ServedBlock>> read_block(const GroupedAttention& block, std::size_t channels,
                                                double norm_epsilon, TensorReader& reader);

ScratchNeeds scratch_needs(const GroupedAttention& block, std::size_t channels);
std::uint64_t served_bytes(const GroupedAttention& block, std::size_t channels);
CacheShape cache_shape(const GroupedAttention& block);
RopeTable rope_table(const GroupedAttention& block, double theta);

}  // namespace pith
