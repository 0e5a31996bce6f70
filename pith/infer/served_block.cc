#include "pith/infer/served_block.h"

namespace pith {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

void add_product(const Pass& pass, const PackedMatrix& w, const float* in, std::size_t in_stride,
                 int worker) {
  const std::size_t channels = pass.channels;
  const Share share = pass.share(w.panels(), worker);
  multiply(w, share.begin, share.end, in, in_stride, pass.tokens, pass.product, channels);
  const std::size_t begin = share.begin * kPanel, end = std::min(share.end * kPanel, channels);
  for (std::size_t t = 0; t < pass.tokens; ++t) {
    float* row = pass.x + t * channels;
    const float* added = pass.product + t * channels;
    for (std::size_t i = begin; i < end; ++i) row[i] += added[i];
  }
}

std::uint64_t packed_bytes(std::uint64_t rows, std::uint64_t columns) {
  return AlignedFloats::bytes_for((rows + kPanel - 1) / kPanel * kPanel * columns);
}

}  // namespace pith
