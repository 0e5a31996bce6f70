#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/train/expert_report.h"

// The course of a training, for people and programs: log.jsonl and a TensorBoard event file with
// the same figures. See docs/formats/training_log.md.
namespace pith {

struct StepRecord {
  std::int64_t step = 0;     // steps done, this one included
  double loss = 0;           // nats a token, of this step's batch
  double bits_per_byte = 0;  // the same as bits a byte of text
  double learning_rate = 0;
  std::uint64_t tokens = 0;  // seen so far
  double seconds = 0;        // spent so far
  double gradient_norm = 0;  // before clipping
  bool has_experts = false;  // then:
  ExpertReport experts = {};
};

// One thread at a time. Every line is in the file when its call returns.
class TrainingLog {
 public:
  // Goes on after `last_step` in `folder`: what was logged of later steps is taken back. 0 begins
  // anew.
  static Result<TrainingLog> open(const std::string& folder, std::int64_t last_step);
  TrainingLog(TrainingLog&&) noexcept;
  TrainingLog& operator=(TrainingLog&&) noexcept;
  ~TrainingLog();

  Status step(const StepRecord& record);
  Status skipped(std::int64_t step, std::string_view why);  // a step that was not taken
  Status heldout(std::int64_t step, double bits_per_byte);
  Status sample(std::int64_t step, std::string_view text);
  // The largest `seconds` of all steps that were in the file when it was opened, those included
  // that were taken back.
  double seconds_before() const;
  Status expert_loads(std::int64_t step, const Json& loads);  // expert_loads_json

 private:
  struct State;
  explicit TrainingLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pith
