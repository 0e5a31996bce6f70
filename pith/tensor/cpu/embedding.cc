#include "pith/tensor/cpu/embedding.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/embedding.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void embedding_scatter(const int* HWY_RESTRICT tokens, const float* HWY_RESTRICT d_out,
                       std::size_t rows, std::size_t C, std::size_t begin, std::size_t end,
                       float* HWY_RESTRICT d_table) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t t = 0; t < rows; ++t) {
    const float* HWY_RESTRICT from = d_out + t * C;
    float* HWY_RESTRICT to = d_table + static_cast<std::size_t>(tokens[t]) * C;
    std::size_t c = begin;
    for (; c + lanes <= end; c += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, to + c), hn::LoadU(d, from + c)), d, to + c);
    }
    for (; c < end; ++c) to[c] += from[c];
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(embedding_scatter);

void embedding(const float* table, const int* tokens, std::size_t rows, std::size_t C, float* out) {
  for (std::size_t t = 0; t < rows; ++t) {
    std::copy_n(table + static_cast<std::size_t>(tokens[t]) * C, C, out + t * C);
  }
}

void embedding_backward(const int* tokens, const float* d_out, std::size_t rows, std::size_t C,
                        std::size_t begin, std::size_t end, float* d_table) {
  HWY_DYNAMIC_DISPATCH(embedding_scatter)(tokens, d_out, rows, C, begin, end, d_table);
}

}  // namespace pith
#endif  // HWY_ONCE
