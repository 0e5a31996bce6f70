#include "pith/infer/tensor_reader.h"

#include <algorithm>

#include "pith/base/check.h"

namespace pith {

TensorReader::TensorReader(const ModelConfig& config, const TensorSource& source)
    : shapes_(parameter_shapes(config)), source_(source) {}

Result<std::span<const float>> TensorReader::next(std::size_t rows, std::size_t columns) {
  PITH_CHECK(!at_end(), "a model has the tensors that are listed");
  const ParameterShape& listed = shapes_[next_++];
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
  if (columns > 0) shape.push_back(static_cast<std::int64_t>(columns));
  PITH_CHECK(shape == listed.shape, "tensors are read in the order in which they are listed");
  const auto elements = static_cast<std::size_t>(listed.elements());
  buffer_.resize(std::max(buffer_.size(), elements));
  PITH_TRY(source_(listed.name, shape, std::span(buffer_).first(elements)));
  elements_read_ += elements;
  return std::span<const float>(buffer_).first(elements);
}

Status TensorReader::vector(std::size_t length, std::vector<float>& out) {
  PITH_ASSIGN(const auto values, next(length));
  out.assign(values.begin(), values.end());
  return {};
}

Status TensorReader::table(std::size_t rows, std::size_t columns, std::vector<float>& out) {
  PITH_ASSIGN(const auto values, next(rows, columns));
  out.assign(values.begin(), values.end());
  return {};
}

Status TensorReader::rows(std::size_t rows, std::size_t first, PackedMatrix& out) {
  PITH_ASSIGN(const auto values, next(rows, out.columns()));
  out.set_rows(first, values);
  return {};
}

Status TensorReader::alternate_panels(std::size_t rows, std::size_t offset, PackedMatrix& out) {
  constexpr std::size_t kPanel = PackedMatrix::kPanel;
  PITH_ASSIGN(const auto values, next(rows, out.columns()));
  for (std::size_t row = 0; row < rows; row += kPanel) {
    const std::size_t count = std::min(kPanel, rows - row);
    out.set_rows(2 * row + offset * kPanel,
                 values.subspan(row * out.columns(), count * out.columns()));
  }
  return {};
}

Status TensorReader::gain(std::size_t length, bool learned, std::vector<float>& out) {
  if (learned) return vector(length, out);
  out.assign(length, 1.0f);
  return {};
}

}  // namespace pith
