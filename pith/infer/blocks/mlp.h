#pragma once

#include <cstdint>
#include <memory>

#include "pith/infer/served_block.h"
#include "pith/infer/tensor_reader.h"
#include "pith/model/network.h"

// The MLP of every kind (model/network.h).
namespace pith {

Result<std::unique_ptr<ServedBlock>> read_block(const Mlp& block, std::size_t channels,
                                                double norm_epsilon, TensorReader& reader);

ScratchNeeds scratch_needs(const Mlp& block, std::size_t channels);
std::uint64_t served_bytes(const Mlp& block, std::size_t channels);

// A gated MLP of `width` F. Gates and ups take turns by panels, a panel of gates, then one of ups,
// so that a worker finds both of what it multiplies; Fp is F rounded up to whole panels.
class GatedMlp {
 public:
  Status read(std::size_t width, std::size_t channels, TensorReader& reader);
  const PackedMatrix& gate_up() const { return gate_up_; }  // (2 Fp, C)
  const PackedMatrix& down() const { return down_; }        // (C, F)
  std::size_t padded() const { return gate_up_.rows() / 2; }

  // Of x (tokens, C): gates is (tokens, 2 Fp), active is (tokens, Fp). Only the columns of the
  // panels [begin, end) of Fp are written.
  void activate(std::size_t begin, std::size_t end, const float* x, std::size_t tokens,
                float* gates, float* active) const;

 private:
  PackedMatrix gate_up_, down_;
};

}  // namespace pith
