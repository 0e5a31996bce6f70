#pragma once

#include <memory>

#include "pith/nn/ops/routing.h"
#include "pith/nn/tape.h"

namespace pith {

// Chooses experts by logits (rows, E) and bias (E) (tensor/cpu/expert_choice.h): into `routing`,
// and their weights into out (rows, k).
//
// With sequence_balance a above 0, the gradient is that of a further loss, the mean over sequences
// of a sum_e f_e P_e: f_e = E / (k T) times how often expert e was chosen in the sequence, P_e the
// mean over its tokens of s_e / sum s (DeepSeek-V3, equations 17 to 20). Losses that are reported
// do not contain it.
std::unique_ptr<Op> router_op(Activation* logits, const float* bias, float sequence_balance,
                              Routing& routing, Activation* out);

}  // namespace pith
