#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "pith/model/config.h"
#include "pith/model/network.h"
#include "pith/nn/ops/weight.h"
#include "pith/nn/parameter_store.h"
#include "pith/nn/tape.h"
#include "pith/tensor/cpu/rope.h"

namespace pith {

// Any network of model/network.h as ops on a tape, which the constructor records in the order in
// which parameters are listed. Holds what the ops share, so it outlives them.
class RecordedNetwork {
 public:
  // max_sequence bounds a batch's T.
  RecordedNetwork(const ModelConfig& config, std::size_t max_sequence, ParameterStore& store,
                  Tape& tape);
  RecordedNetwork(const RecordedNetwork&) = delete;
  RecordedNetwork& operator=(const RecordedNetwork&) = delete;

  Activation* result() const { return result_; }  // (rows, C), normalised, for the output head
  Weight head() const { return head_; }           // (V, C)
  float softcap() const { return static_cast<float>(network_.softcap); }

 private:
  Activation* ngrams();
  void record(const Layer& layer);
  Activation* record(const GroupedAttention& block, Activation* x);
  Activation* record(const Mlp& block, Activation* x);

  Activation* linear(Activation* x, std::size_t width, std::size_t more = 0);
  Activation* norm_stream();  // the stream with what was added last, normalised
  Weight gain(std::size_t width, bool learned);
  const RopeAngles& angles(std::size_t D, bool turn_back);

  const ModelConfig& config_;
  const Network network_;
  const std::size_t max_sequence_, channels_;
  const float epsilon_;
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
  Weight head_;
};

}  // namespace pith
