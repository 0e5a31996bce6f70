#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "pith/tensor/cpu/causal_attention.h"

// What the tests of attention share.
namespace pith {

// begin (T) of documents that begin at `starts`, ascending.
inline std::vector<int> begins(std::size_t T, const std::vector<std::size_t>& starts) {
  std::vector<int> begin(T, 0);
  for (const std::size_t start : starts) {
    for (std::size_t t = start; t < T; ++t) begin[t] = static_cast<int>(start);
  }
  return begin;
}

// Forward and backward of all groups: not-a-number where nothing is written, so that it shows.
struct AttentionOutcome {
  explicit AttentionOutcome(const AttentionShape& shape)
      : out(shape.T * shape.H * shape.E, std::nanf("")),
        log_sum_exp(shape.T * shape.H, std::nanf("")),
        d_qkv(shape.T * shape.row(), std::nanf("")) {}
  std::vector<float> out, log_sum_exp, d_qkv;
};

inline AttentionOutcome reference_outcome(const AttentionShape& shape,
                                          const std::vector<float>& qkv,
                                          const std::vector<int>& begin,
                                          const std::vector<float>& d_out) {
  AttentionOutcome result(shape);
  for (std::size_t group = 0; group < shape.G; ++group) {
    causal_attention_ref(shape, group, qkv.data(), begin.data(), result.out.data(),
                         result.log_sum_exp.data());
    causal_attention_backward_ref(shape, group, qkv.data(), begin.data(), d_out.data(),
                                  result.d_qkv.data());
  }
  return result;
}

}  // namespace pith
