#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/cli/arguments.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/train.h"

// What `pith train` and `pith run` share: the options of training, and its result for people and
// for --json.
namespace pith {

// The options of a training on the command line. Declared once, read after parsing.
class TrainingArguments {
 public:
  void declare(Arguments& arguments);  // all but DOCS, -o and --text-field
  const std::string& config() const { return config_; }
  PrepareOptions prepare() const { return prepare_; }  // `documents` and `out` are left empty
  // `tokens` and `out` are left empty; the plan goes to `say`. A budget in joules begins to count
  // now. Errors: not exactly one of budget, steps and tokens; an architecture that there is not, or
  // not the one in --config; what parse_budget, EnergyMeter::open and read_train_config return.
  Result<TrainOptions> train(std::function<void(std::string_view)> say) const;

 private:
  Status set_architecture(TrainConfig& config) const;

  PrepareOptions prepare_;
  TrainOptions options_;
  std::string config_, budget_, price_, architecture_;
};

// Fields of --json; docs/verbs.md names them.
Json training_figures(const TrainResult& result, const TokensInfo& tokens);

// Size, time, loss and a sample, to stdout.
void print_training(const TrainResult& result);

}  // namespace pith
