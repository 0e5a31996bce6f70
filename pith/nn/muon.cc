#include "pith/nn/muon.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "pith/tensor/cpu/adamw_update.h"
#include "pith/tensor/cpu/muon_update.h"
#include "pith/tensor/parallel.h"

namespace pith {
namespace {

// Of singular values, as a share of the largest: what so many polynomials bring near 1 at best.
double lowest_singular_value(int polynomials) {
  return std::clamp(0.5 * std::pow(0.28, polynomials), 1e-4, 0.1);
}

double scale_of(MuonScale scale, std::size_t R, std::size_t C) {
  const auto out = static_cast<double>(R), in = static_cast<double>(C);
  if (scale == MuonScale::kRms) return 0.2 * std::sqrt(std::max(out, in));
  return std::sqrt(std::max(1.0, out / in));
}

}  // namespace

bool muon_takes(const Parameter& parameter) {
  const std::string_view name = parameter.name;
  const auto& shape = parameter.shape;
  if (shape.size() != 2 && shape.size() != 3) return false;
  for (const std::string_view other : {"embed", "lm_head", "mlp.gate.weight", "router"}) {
    if (name.find(other) != std::string_view::npos) return false;
  }
  return shape[shape.size() - 2] > 1 && shape.back() > 1;
}

Muon::Muon(std::span<const Parameter> parameters, const MuonOptions& options, int threads)
    : options_(options),
      pool_(threads),
      norm_(parameters),
      chain_(orthogonal_polynomials(options.orthogonal_steps,
                                    lowest_singular_value(options.orthogonal_steps))),
      tables_(parameters) {
  std::vector<Parameter> rest;
  std::size_t state = 0, max_elements = 0, max_small = 0, max_large = 0;
  for (const Parameter& parameter : parameters) {
    if (!muon_takes(parameter)) continue;
    const auto R = static_cast<std::size_t>(parameter.shape[parameter.shape.size() - 2]);
    const auto C = static_cast<std::size_t>(parameter.shape.back());
    max_elements = std::max(max_elements, R * C);
    max_small = std::max(max_small, std::min(R, C));
    max_large = std::max(max_large, std::max(R, C));
    state += parameter.value.size() + parameter.value.size() / std::min(R, C);
  }
  state_ = AlignedFloats(state);
  float* at = state_.data();
  for (const Parameter& parameter : parameters) {
    if (!muon_takes(parameter)) {
      rest.push_back(parameter);
      continue;
    }
    Matrix matrix;
    matrix.R = static_cast<std::size_t>(parameter.shape[parameter.shape.size() - 2]);
    matrix.C = static_cast<std::size_t>(parameter.shape.back());
    const std::size_t elements = matrix.R * matrix.C, all = parameter.value.size();
    const std::size_t large = std::max(matrix.R, matrix.C), neurons = all / elements * large;
    tensors_.push_back({"muon.momentum." + parameter.name, parameter.shape, {at, all}});
    if (options.neuron_scaling) {
      tensors_.push_back({"muon.neurons." + parameter.name,
                          {static_cast<std::int64_t>(neurons)},
                          {at + all, neurons}});
    }
    for (std::size_t i = 0; i < all / elements; ++i) {
      matrix.value = parameter.value.subspan(i * elements, elements);
      matrix.gradient = parameter.gradient.subspan(i * elements, elements);
      matrix.momentum = {at + i * elements, elements};
      matrix.mean_squares = {at + all + i * large, large};
      matrices_.push_back(matrix);
    }
    at += all + neurons;
  }
  std::stable_sort(matrices_.begin(), matrices_.end(), [](const Matrix& a, const Matrix& b) {
    return a.R * a.C * std::min(a.R, a.C) > b.R * b.C * std::min(b.R, b.C);
  });
  rest_ = std::make_unique<AdamWUpdate>(rest, options.adamw);
  for (int i = 0; i < threads; ++i) {
    scratch_.push_back({AlignedFloats(max_elements), AlignedFloats(max_elements),
                        std::vector<float>(max_large), Orthogonalizer(max_small)});
  }
}

// One matrix after the other, and what AdamW has in the gaps at the end.
double Muon::step(double learning_rate) {
  const double norm = norm_.measure(pool_);
  if (!std::isfinite(norm)) return norm;
  ++steps_;
  const double clip = clipping_scale(norm, options_.max_gradient_norm);
  rest_->begin_update(learning_rate * options_.adamw_rate, clip, steps_);
  const std::size_t matrices = matrices_.size(), tables = tables_.tables();
  parallel_for(pool_, matrices + tables + rest_->pieces(),
               [&](std::size_t index, std::size_t worker) {
                 if (index < matrices) {
                   update(matrices_[index], learning_rate, clip, scratch_[worker]);
                 } else if (index < matrices + tables) {
                   tables_.update(index - matrices, learning_rate * options_.table_rate);
                 } else {
                   rest_->update_piece(index - matrices - tables);
                 }
               });
  return norm;
}

void Muon::update(Matrix& matrix, double learning_rate, double gradient_scale,
                  Scratch& scratch) const {
  const std::size_t R = matrix.R, C = matrix.C;
  float* update = scratch.update.data();
  float* orthogonal = scratch.orthogonal.data();
  const double squares =
      muon_momentum(static_cast<float>(gradient_scale), static_cast<float>(options_.momentum),
                    matrix.gradient.data(), R * C, matrix.momentum.data(), update);
  scratch.orthogonalizer.run(chain_, update, R, C, squares, orthogonal);
  if (options_.neuron_scaling) scale_neurons(matrix, orthogonal, scratch.scales);
  const double step = learning_rate * scale_of(options_.scale, R, C);
  const MuonStepSize size{.step = static_cast<float>(step),
                          .decay = static_cast<float>(learning_rate * options_.weight_decay),
                          .cautious = options_.cautious_decay};
  float* value = matrix.value.data();
  for (std::size_t r = 0; r < R; ++r) {
    MuonStepSize mine = size;
    const bool by_row = options_.neuron_scaling && R >= C;
    if (by_row) mine.step *= scratch.scales[r];
    const float* columns = options_.neuron_scaling && !by_row ? scratch.scales.data() : nullptr;
    muon_apply(mine, orthogonal + r * C, columns, C, value + r * C);
  }
}

// What rows of `orthogonal` (columns where there are more of them) are multiplied with.
void Muon::scale_neurons(Matrix& matrix, const float* orthogonal,
                         std::vector<float>& scales) const {
  const std::size_t R = matrix.R, C = matrix.C, large = std::max(R, C), small = std::min(R, C);
  std::fill_n(scales.begin(), large, 0.0f);
  for (std::size_t r = 0; r < R; ++r) {
    if (R >= C) {
      scales[r] = static_cast<float>(sum_of_squares(orthogonal + r * C, C));
    } else {
      add_squares(orthogonal + r * C, C, scales.data());
    }
  }
  const double beta = options_.neuron_beta;
  const double correction = 1 - std::pow(beta, static_cast<double>(steps_));
  double before = 0, after = 0;  // squares of all elements, without and with the scales
  for (std::size_t i = 0; i < large; ++i) {
    const auto squares = static_cast<double>(scales[i]);
    float& running = matrix.mean_squares[i];
    running = static_cast<float>(beta * static_cast<double>(running) +
                                 (1 - beta) * squares / static_cast<double>(small));
    const double scale = 1 / (std::sqrt(static_cast<double>(running) / correction) + 1e-8);
    before += squares;
    after += squares * scale * scale;
    scales[i] = static_cast<float>(scale);
  }
  const auto keep = static_cast<float>(after > 0 ? std::sqrt(before / after) : 0.0);
  for (std::size_t i = 0; i < large; ++i) scales[i] *= keep;
}

std::vector<StateTensor> Muon::state() {
  std::vector<StateTensor> state = tensors_;
  rest_->add_state(state);
  tables_.add_state(state);
  return state;
}

}  // namespace pith
