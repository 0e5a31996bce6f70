#pragma once

#include <cstdint>
#include <memory>

#include "pith/infer/served_block.h"
#include "pith/infer/tensor_reader.h"
#include "pith/model/network.h"

// Experts (model/network.h): the tokens of a pass that chose the same expert go through it
// together.
namespace pith {

Result<std::unique_ptr<ServedBlock>> read_block(const Experts& block, std::size_t channels,
                                                double norm_epsilon, TensorReader& reader);

ScratchNeeds scratch_needs(const Experts& block, std::size_t channels);
std::uint64_t served_bytes(const Experts& block, std::size_t channels);

}  // namespace pith
