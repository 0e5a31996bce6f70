#pragma once

#include <cstdint>
#include <string>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/train/train_config.h"

// One entry of the table of trainings: a model trained on one corpus with one seed, and how well it
// predicts the target.
namespace pith {

struct CellOptions {
  std::string tokens;                 // of prepare_tokens
  std::string target;                 // documents to judge by
  std::uint64_t tokens_to_train = 0;  // seen in training
  std::uint64_t seed = 0;
  TrainConfig config;  // the model's size is given
  std::string folder;  // where finished cells lie, and the one in work
};

struct CellResult {
  double bits_per_byte = 0;  // of the target
  std::uint64_t parameters = 0;
  std::uint64_t tokens = 0;  // seen: steps are whole
  double seconds = 0;
};

// What the result depends on, as 32 hex digits: corpora that are the same to the byte share cells,
// whatever they are called. Errors: what cannot be read.
Result<std::string> cell_key(const CellOptions& options);

// That `key` was finished before.
bool cell_is_done(const CellOptions& options, const std::string& key);

// Trains and evaluates, or reads what was found before. Killed at any moment, the same call goes on
// from the last checkpoint. A finished cell is one small file, FOLDER/KEY.json; its model is
// removed. Errors: what train() and evaluate() return.
Result<CellResult> run_cell(const CellOptions& options, const std::string& key,
                            const Context& context);

}  // namespace pith
