#pragma once

#include <cstddef>

#include "pith/tensor/aligned_array.h"
#include "pith/tensor/cpu/bfloat16.h"

namespace pith {

// A weight matrix W (out, in) of floats, rounded to bfloat16 in the layouts that the products of a
// step read: once per step, after which forward and backward take it as it is.
//
// Threads: pack() of different tasks at once; the panels may be read by any thread after it.
class Bf16Weight {
 public:
  Bf16Weight(std::size_t out, std::size_t in);

  // W is `value` from here on; backward() too only when asked for.
  std::size_t tasks() const;
  void pack(std::size_t task, const float* value, bool with_backward);

  Bf16Panels forward() const { return {forward_.data(), bf16_panel_size(in_)}; }     // (in, out)
  Bf16Panels backward() const { return {backward_.data(), bf16_panel_size(out_)}; }  // (out, in)

 private:
  std::size_t out_, in_;
  AlignedArray<Bfloat16> forward_, backward_;
};

}  // namespace pith
