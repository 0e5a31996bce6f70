#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "pith/model/config.h"
#include "pith/model/network.h"
#include "pith/nn/ops/experts_op.h"
#include "pith/nn/ops/routing.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/parameter_store.h"
#include "pith/nn/tape.h"
#include "pith/tensor/cpu/rope.h"

namespace pith {

// Any network of model/network.h as ops on a tape, which the constructor records in the order in
// which parameters are listed. Holds what the ops share, so it outlives them.
class RecordedNetwork {
 public:
  // max_sequence bounds a batch's T. sequence_balance is that of router_op.
  RecordedNetwork(const ModelConfig& config, std::size_t max_sequence, float sequence_balance,
                  ParameterStore& store, Tape& tape);
  RecordedNetwork(const RecordedNetwork&) = delete;
  RecordedNetwork& operator=(const RecordedNetwork&) = delete;

  Activation* result() const { return result_; }  // (rows, C), normalised, for the output head
  Weight head() const { return head_; }           // (V, C)
  // (rows, C), likewise, of the layer that predicts the token after the next; null without one.
  Activation* second_result() const { return second_result_; }
  // Layers with experts, in order; the predicting one is last.
  struct ExpertLayer {
    int layer;
    std::unique_ptr<Routing> routing;
    float* bias;  // (E)
  };
  const std::vector<ExpertLayer>& expert_layers() const { return expert_layers_; }
  float softcap() const { return static_cast<float>(network_.softcap); }

 private:
  Activation* ngrams();
  void record(const Layer& layer);
  Activation* record(const GroupedAttention& block, Activation* x);
  Activation* record(const LatentAttention& block, Activation* x);
  Activation* record(const Mlp& block, Activation* x);
  Activation* record(const Experts& block, Activation* x);
  Activation* record_gated(std::size_t width, Activation* x);
  void record_prediction(const Layer& layer);

  Activation* linear(Activation* x, std::size_t width, std::size_t more = 0);
  Activation* norm(Activation* x, Weight gain, float epsilon);
  Activation* norm_stream();  // the stream with what was added last, normalised
  Weight gain(std::size_t width, bool learned);
  const RopeAngles& angles(std::size_t D, bool turn_back);

  const ModelConfig& config_;
  const Network network_;
  const std::size_t max_sequence_, channels_;
  const float epsilon_, sequence_balance_;
  ParameterStore& store_;
  Tape& tape_;
  std::vector<float> ones_;  // a gain that is not learned, of any width
  struct Angles {
    std::size_t D;
    bool turn_back;
    RopeAngles values;
  };
  std::deque<Angles> angles_;

  Activation* stream_ = nullptr;
  Activation* added_ = nullptr;  // what the last block adds to the stream
  Activation* result_ = nullptr;
  Activation* second_result_ = nullptr;
  Weight embedding_, head_;
  int layer_ = 0;  // that is recorded
  std::vector<ExpertLayer> expert_layers_;
  ExpertsWorkspace workspace_;
};

}  // namespace pith
