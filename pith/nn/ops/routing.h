#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pith/nn/tape.h"
#include "pith/tensor/cpu/expert_choice.h"

namespace pith {

// Which experts the tokens of a batch go to in one layer: what the router writes, the experts sort
// and the sum over experts reads. No token is dropped: each has k slots, one for each expert that
// it chose, and slots lie by experts.
//
// Threads: the router's tasks write rows of their own; sort() is alone.
class Routing {
 public:
  explicit Routing(const ExpertChoice& choice);
  void reserve(std::size_t rows);

  const ExpertChoice& choice() const { return choice_; }
  std::size_t k() const { return choice_.chosen; }

  // Of the batch at hand.
  int* chosen(std::size_t row) { return chosen_.data() + row * k(); }  // (rows, k)
  void sort(const Step& step);                                         // once all rows chose
  // Slots of expert e: begin(e) <= slot < begin(e + 1).
  std::size_t begin(std::size_t e) const { return begin_[e]; }
  std::size_t row(std::size_t slot) const { return place_[slot] / k(); }
  std::size_t place(std::size_t slot) const { return place_[slot]; }  // row k + j
  std::size_t slot(std::size_t row, std::size_t j) const { return slot_[row * k() + j]; }
  // How often tokens of a sequence chose an expert, (B, E).
  std::int64_t often(std::size_t sequence, std::size_t e) const {
    return often_[sequence * choice_.experts + e];
  }

  // Tokens that went to each expert in the training passes of a step, (E).
  const std::vector<std::int64_t>& loads() const { return loads_; }
  // Steps in a row in which an expert got none, (E).
  const std::vector<std::int64_t>& idle_steps() const { return idle_steps_; }
  void begin_step();
  // bias_e rises by rate where expert e got fewer tokens than the mean and falls where it got more
  // (Wang et al. 2024, Auxiliary-loss-free load balancing). Counts idle steps.
  void end_step(float rate, float* bias);

 private:
  const ExpertChoice choice_;
  std::vector<int> chosen_;           // (rows, k)
  std::vector<std::uint32_t> place_;  // (rows k), by slot
  std::vector<std::uint32_t> slot_;   // (rows, k)
  std::vector<std::size_t> begin_;    // (E + 1)
  std::vector<std::size_t> next_;     // (E), scratch
  std::vector<std::int64_t> often_;   // (B, E)
  std::vector<std::int64_t> loads_, idle_steps_;
};

}  // namespace pith
