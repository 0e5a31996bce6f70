#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "pith/base/result.h"
#include "pith/model/config.h"
#include "pith/model/parameters.h"
#include "pith/tensor/cpu/packed_matrix.h"

namespace pith {

// Fills `out` with the tensor of this name and shape.
using TensorSource = std::function<Status(
    std::string_view name, std::span<const std::int64_t> shape, std::span<float> out)>;

// Hands out a model's tensors one after the other, in the order of model/parameters.h: who reads
// knows what comes next. Errors are those of the source; a shape other than the listed one is our
// own mistake.
class TensorReader {
 public:
  TensorReader(const ModelConfig& config, const TensorSource& source);

  // The next tensor, (rows, columns), columns 0: a vector. Valid until the next one is read.
  Result<std::span<const float>> next(std::size_t rows, std::size_t columns = 0);

  // The next tensor as ...
  Status vector(std::size_t length, std::vector<float>& out);
  Status table(std::size_t rows, std::size_t columns, std::vector<float>& out);
  // ... rows of `out` from `first` on.
  Status rows(std::size_t rows, std::size_t first, PackedMatrix& out);
  // ... every second panel of `out`, from panel `offset` on.
  Status alternate_panels(std::size_t rows, std::size_t offset, PackedMatrix& out);
  // A gain of RMSNorm: the next tensor, or ones where it is not learned.
  Status gain(std::size_t length, bool learned, std::vector<float>& out);

  std::size_t elements_read() const { return elements_read_; }
  bool at_end() const { return next_ == shapes_.size(); }

 private:
  const std::vector<ParameterShape> shapes_;
  const TensorSource& source_;
  std::size_t next_ = 0, elements_read_ = 0;
  std::vector<float> buffer_;
};

}  // namespace pith
