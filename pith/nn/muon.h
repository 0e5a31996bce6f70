#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pith/nn/adamw.h"
#include "pith/nn/optimizer.h"
#include "pith/nn/orthogonalize.h"

// Muon (Jordan et al. 2024): the momentum of every hidden matrix is brought to the nearest
// orthogonal matrix O, so that all directions learn alike,
//
//   M += (1 - momentum) (G - M);  O = orthogonal(G + momentum (M - G));  W -= rate scale O
//
// and AdamW takes the rest: embeddings, output head, norms, routers, biases. With what was found
// since:
//   - the scale of a matrix (out, in): a change of inputs and outputs of unit mean square that does
//     not depend on the width (Yang et al. 2023, "A spectral condition"), or Adam's mean square
//     (Liu et al. 2025, "Muon is scalable"), see MuonScale;
//   - rows of O (columns where there are more of them) are divided by a running root mean square of
//     theirs, O keeping its norm (Li et al. 2025, "NorMuon");
//   - weight decay where the update makes a weight smaller too (Chen et al. 2025, "Cautious weight
//     decay");
//   - the chain of orthogonalize.h.
namespace pith {

enum class MuonScale : std::uint8_t {
  kSpectral,  // sqrt(max(1, out / in)): one rate for all widths
  kRms,       // 0.2 sqrt(max(out, in)): AdamW's rates
};

struct MuonOptions {
  double momentum = 0.95;
  int orthogonal_steps = 3;  // polynomials of the chain
  MuonScale scale = MuonScale::kSpectral;
  bool neuron_scaling = true;  // NorMuon
  double neuron_beta = 0.95;   // of its running mean squares
  bool cautious_decay = true;
  double weight_decay = 0.1;       // times the learning rate and the schedule
  double max_gradient_norm = 1.0;  // over all parameters; 0: no clipping
  double adamw_rate = 0.2;         // AdamW's learning rate as part of step()'s
  double table_rate = 1.5;         // of RowAdagrad, likewise
  AdamWOptions adamw;              // of the rest; its clipping is the one above
};

// Whether Muon orthogonalises a parameter: a matrix or a stack of them (E, out, in), which is
// neither a table with a row a token nor a router. Decided by its name, as in model/parameters.h.
bool muon_takes(const Parameter& parameter);

// Every matrix is one thread's from beginning to end. Memory besides the state: for each thread six
// matrices as large as the largest.
class Muon : public Optimizer {
 public:
  Muon(std::span<const Parameter> parameters, const MuonOptions& options, int threads);
  double step(double learning_rate) override;
  std::vector<StateTensor> state() override;

 private:
  struct Matrix {
    std::size_t R = 0, C = 0;                 // out, in
    std::span<float> value, gradient;         // (R, C)
    std::span<float> momentum, mean_squares;  // (R, C) and (max(R, C))
  };
  struct Scratch {
    AlignedFloats update, orthogonal;  // (R, C)
    std::vector<float> scales;         // (max(R, C))
    Orthogonalizer orthogonalizer;
  };
  void update(Matrix& matrix, double learning_rate, double gradient_scale, Scratch& scratch) const;
  void scale_neurons(Matrix& matrix, const float* orthogonal, std::vector<float>& scales) const;

  MuonOptions options_;
  ThreadPool pool_;
  GradientNorm norm_;
  std::vector<OddPolynomial> chain_;
  std::vector<Matrix> matrices_;  // the largest first
  AlignedFloats state_;
  std::vector<StateTensor> tensors_;  // of state_, in the parameters' order
  std::unique_ptr<AdamWUpdate> rest_;
  RowAdagrad tables_;
  std::vector<Scratch> scratch_;  // (threads)
};

}  // namespace pith
