#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pith/tensor/aligned_array.h"
#include "pith/tensor/cpu/int8_matrix.h"

namespace pith {

// A weight matrix W (out, in) of floats, rounded to 8 bits twice: with a scale for each row, for
// x W^T, and with a scale for each column, for d W.
//
// Threads: pack() of different tasks at once; the panels may be read by any thread after it.
class Int8Weight {
 public:
  Int8Weight(std::size_t out, std::size_t in);

  // W is `value` from here on; backward() too only when asked for.
  std::size_t tasks() const;
  void pack(std::size_t task, const float* value, bool with_backward);

  Int8Panels forward() const { return forward_.view(); }    // (in, out)
  Int8Panels backward() const { return backward_.view(); }  // (out, in)

 private:
  struct Side {
    Side(std::size_t K, std::size_t N);
    Int8Panels view() const { return {data.data(), scales.data(), offsets.data()}; }
    std::size_t panels, panel_size;
    AlignedArray<std::int8_t> data;
    std::vector<float> scales;
    std::vector<std::int32_t> offsets;
  };
  std::size_t out_, in_;
  Side forward_, backward_;
};

}  // namespace pith
