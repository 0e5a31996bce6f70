#include "pith/nn/row_adagrad.h"

#include <cmath>

#include "pith/nn/row_gradients.h"

namespace pith {

RowAdagrad::RowAdagrad(std::span<const Parameter> parameters) {
  std::size_t rows = 0;
  for (const Parameter& parameter : parameters) {
    if (parameter.rows == nullptr) continue;
    tables_.push_back({parameter, {}});
    rows += static_cast<std::size_t>(parameter.shape[0]);
  }
  squares_ = AlignedFloats(rows);
  float* at = squares_.data();
  for (Table& table : tables_) {
    table.squares = {at, static_cast<std::size_t>(table.parameter.shape[0])};
    at += table.squares.size();
  }
}

void RowAdagrad::update(std::size_t index, double learning_rate) {
  const Table& table = tables_[index];
  const RowGradients& gradients = *table.parameter.rows;
  const std::size_t C = gradients.columns();
  for (std::size_t slot = 0; slot < gradients.rows().size(); ++slot) {
    const std::size_t row = gradients.rows()[slot];
    const float* g = gradients.gradient(slot).data();
    float sum = 0;
    for (std::size_t c = 0; c < C; ++c) sum += g[c] * g[c];
    float& squares = table.squares[row];
    squares += sum / static_cast<float>(C);
    const float step = static_cast<float>(learning_rate) / (std::sqrt(squares) + 1e-10f);
    float* w = table.parameter.value.data() + row * C;
    for (std::size_t c = 0; c < C; ++c) w[c] -= step * g[c];
  }
}

void RowAdagrad::add_state(std::vector<StateTensor>& state) {
  for (const Table& table : tables_) {
    state.push_back({"adagrad.rows." + table.parameter.name,
                     {static_cast<std::int64_t>(table.squares.size())},
                     table.squares});
  }
}

}  // namespace pith
