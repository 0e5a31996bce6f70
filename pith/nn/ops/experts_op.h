#pragma once

#include <memory>

#include "pith/nn/ops/routing.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/tape.h"
#include "pith/tensor/cpu/packed_matrix.h"

// The routed experts of one layer: each a gated MLP of I over the tokens that chose it.
namespace pith {

// Memory that the experts of all layers use in turn.
struct ExpertsWorkspace {
  AlignedFloats d_gathered;         // (rows k, C): gradients of the inputs, by slot
  AlignedFloats gathered, d_slots;  // in 32-bit floats: inputs and gradients of the slots
};

// Sorts `routing`, then, for slot s of expert e and the token t and choice j that it stands for:
//   slots_s = w_tj down_e(silu(gate_e x_t) up_e x_t)
// x is (rows, C), weights is (rows, k), slots is (rows, k C) in the order of slots. `matrices` are
// those of expert 0: gate (I, C), up (I, C), down (C, I), then those of expert 1, ...
// `sum` is what sum_experts_op makes of the slots: the gradient of a slot is that of its token's
// sum and is read there. A task is a block of at most kExpertRows slots of one expert. workspace
// outlives the op.
inline constexpr std::size_t kExpertRows = 384;
inline constexpr std::size_t kMostChosen = 256;  // experts of a token
std::unique_ptr<Op> experts_op(Activation* x, Activation* weights, Weight matrices, std::size_t I,
                               Routing& routing, ExpertsWorkspace& workspace, Activation* slots,
                               const Activation* sum);

// out (rows, C) = shared + the slots of each token, in the order of its experts. The gradient of
// shared is that of out, which so lives from the op that writes shared on; slots get none.
std::unique_ptr<Op> sum_experts_op(Activation* slots, Activation* shared, const Routing& routing,
                                   Activation* out);

}  // namespace pith
