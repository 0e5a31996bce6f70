#include "pith/tensor/cpu/packed_matrix.h"

#include <algorithm>
#include <cstring>

#include "pith/base/check.h"
#include "pith/tensor/cpu/unroll.h"

// The body below is compiled once per instruction set and picked at run time. The sum of an output
// lies in one lane, so vectors need a fixed length.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "pith/tensor/cpu/packed_matrix.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pith::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kPanel = 16;
constexpr std::size_t kLanes = HWY_LANES(float) < kPanel ? HWY_LANES(float) : kPanel;
constexpr std::size_t kVectors = kPanel / kLanes;  // vectors that hold one column of a panel
using Tag = hn::FixedTag<float, kLanes>;

// P panels against T rows of x; panel p begins at w + p * panel_stride.
template <std::size_t P, std::size_t T>
HWY_INLINE void tile(const float* HWY_RESTRICT w, std::size_t panel_stride, std::size_t columns,
                     const float* HWY_RESTRICT x, std::size_t x_stride, float* HWY_RESTRICT y,
                     std::size_t y_stride, std::size_t valid) {
  const Tag d;
  hn::Vec<Tag> sums[T][P * kVectors];
  PITH_UNROLL
  for (std::size_t t = 0; t < T; ++t) {
    PITH_UNROLL
    for (std::size_t v = 0; v < P * kVectors; ++v) sums[t][v] = hn::Zero(d);
  }
  for (std::size_t k = 0; k < columns; ++k) {
    hn::Vec<Tag> column[P * kVectors];
    PITH_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
      PITH_UNROLL
      for (std::size_t v = 0; v < kVectors; ++v) {
        column[p * kVectors + v] = hn::Load(d, w + p * panel_stride + k * kPanel + v * kLanes);
      }
    }
    PITH_UNROLL
    for (std::size_t t = 0; t < T; ++t) {
      const auto x_k = hn::Set(d, x[t * x_stride + k]);
      PITH_UNROLL
      for (std::size_t v = 0; v < P * kVectors; ++v) {
        sums[t][v] = hn::MulAdd(column[v], x_k, sums[t][v]);
      }
    }
  }
  PITH_UNROLL
  for (std::size_t t = 0; t < T; ++t) {
    PITH_UNROLL
    for (std::size_t v = 0; v < P * kVectors; ++v) {
      const std::size_t n = v * kLanes;
      float* HWY_RESTRICT out = y + t * y_stride + n;
      if (n + kLanes <= valid) {
        hn::StoreU(sums[t][v], d, out);
      } else if (n < valid) {
        alignas(64) float last[kLanes];
        hn::Store(sums[t][v], d, last);
        std::memcpy(out, last, (valid - n) * sizeof(float));
      }
    }
  }
}

// As many tokens at once as the registers hold sums for; `valid` columns of y are written.
template <std::size_t P, std::size_t T>
HWY_INLINE void tokens_in_tiles(const float* w, std::size_t panel_stride, std::size_t columns,
                                const float* x, std::size_t x_stride, std::size_t tokens, float* y,
                                std::size_t y_stride, std::size_t valid) {
  std::size_t t = 0;
  for (; t + T <= tokens; t += T) {
    tile<P, T>(w, panel_stride, columns, x + t * x_stride, x_stride, y + t * y_stride, y_stride,
               valid);
  }
  for (; t < tokens; ++t) {
    tile<P, 1>(w, panel_stride, columns, x + t * x_stride, x_stride, y + t * y_stride, y_stride,
               valid);
  }
}

// 32 registers hold 24 sums, 4 columns and a broadcast; 16 hold 12, 2 and one.
constexpr std::size_t kWide = kVectors == 1 ? 4 : 1;              // panels with many tokens
constexpr std::size_t kDeep = kVectors == 4 ? 2 : 6;              // tokens
constexpr std::size_t kAlone = kVectors == 1 ? 8 : 8 / kVectors;  // panels with one token

void multiply(const float* w, std::size_t panels, std::size_t columns, std::size_t rows,
              const float* x, std::size_t x_stride, std::size_t tokens, float* y,
              std::size_t y_stride) {
  const std::size_t panel_stride = kPanel * columns;
  std::size_t p = 0;
  const auto at = [&](std::size_t index) { return w + index * panel_stride; };
  const auto valid = [&](std::size_t count) {
    return std::min(rows, (p + count) * kPanel) - p * kPanel;
  };
  if (tokens == 1) {
    for (; p + kAlone <= panels; p += kAlone) {
      tile<kAlone, 1>(at(p), panel_stride, columns, x, x_stride, y + p * kPanel, y_stride,
                      valid(kAlone));
    }
  } else {
    for (; p + kWide <= panels; p += kWide) {
      tokens_in_tiles<kWide, kDeep>(at(p), panel_stride, columns, x, x_stride, tokens,
                                    y + p * kPanel, y_stride, valid(kWide));
    }
  }
  for (; p + 2 <= panels; p += 2) {
    tokens_in_tiles<2, 2>(at(p), panel_stride, columns, x, x_stride, tokens, y + p * kPanel,
                          y_stride, valid(2));
  }
  if (p < panels) {
    tokens_in_tiles<1, 4>(at(p), panel_stride, columns, x, x_stride, tokens, y + p * kPanel,
                          y_stride, valid(1));
  }
}

}  // namespace pith::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pith {

HWY_EXPORT(multiply);

PackedMatrix::PackedMatrix(std::size_t rows, std::size_t columns)
    : rows_(rows), columns_(columns), data_(panels() * kPanel * columns) {}

void PackedMatrix::set_rows(std::size_t first, std::span<const float> values) {
  PITH_CHECK(columns_ > 0 && values.size() % columns_ == 0, "values are whole rows");
  const std::size_t count = values.size() / columns_;
  PITH_CHECK(first + count <= rows_, "rows fit the matrix");
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = first + i;
    float* out = data_.data() + row / kPanel * kPanel * columns_ + row % kPanel;
    for (std::size_t k = 0; k < columns_; ++k) out[k * kPanel] = values[i * columns_ + k];
  }
}

void PackedMatrix::copy_row(std::size_t row, std::span<float> out) const {
  PITH_CHECK(row < rows_ && out.size() == columns_, "row exists");
  const float* in = panel(row / kPanel) + row % kPanel;
  for (std::size_t k = 0; k < columns_; ++k) out[k] = in[k * kPanel];
}

void multiply(const PackedMatrix& w, std::size_t begin, std::size_t end, const float* x,
              std::size_t x_stride, std::size_t tokens, float* y, std::size_t y_stride) {
  if (begin >= end || tokens == 0) return;
  HWY_DYNAMIC_DISPATCH(multiply)
  (w.panel(begin), end - begin, w.columns(), w.rows() - begin * PackedMatrix::kPanel, x, x_stride,
   tokens, y + begin * PackedMatrix::kPanel, y_stride);
}

void multiply_ref(const PackedMatrix& w, std::size_t begin, std::size_t end, const float* x,
                  std::size_t x_stride, std::size_t tokens, float* y, std::size_t y_stride) {
  const std::size_t last = std::min(w.rows(), end * PackedMatrix::kPanel);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t n = begin * PackedMatrix::kPanel; n < last; ++n) {
      const float* row = w.panel(n / PackedMatrix::kPanel) + n % PackedMatrix::kPanel;
      double sum = 0;
      for (std::size_t k = 0; k < w.columns(); ++k) {
        sum += static_cast<double>(x[t * x_stride + k]) *
               static_cast<double>(row[k * PackedMatrix::kPanel]);
      }
      y[t * y_stride + n] = static_cast<float>(sum);
    }
  }
}

}  // namespace pith
#endif  // HWY_ONCE
