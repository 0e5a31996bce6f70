#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"

namespace pith {

// What a training can be told; what is left out is planned (plan.h). A TOML file has the same
// names, in two tables:
//
//   [model]     architecture hidden_size layers heads key_value_heads intermediate_size
//               context_length tie_embeddings, and what config.json calls the fields of the
//               architecture (model/architecture.h): head_dim, rope_theta, ...
//   [training]  batch_tokens learning_rate final_learning_rate warmup decay batch_ramp average
//               optimizer adamw_learning_rate momentum orthogonal_steps muon_scale neuron_scaling
//               cautious_decay weight_decay clip beta1 beta2
//               embedding_deviation hidden_deviation residual_deviation precision
//               router_bias_rate sequence_balance second_token_weight
struct TrainConfig {
  // Model.
  std::int64_t hidden_size = 0;  // C
  std::int64_t layers = 0;
  std::int64_t heads = 0;              // H; C / H is even
  std::int64_t key_value_heads = 0;    // divides H
  std::int64_t intermediate_size = 0;  // of the MLP
  std::int64_t context_length = 0;     // T, tokens
  std::optional<bool> tie_embeddings;
  std::string architecture;                                       // model_type; empty: planned
  std::vector<std::pair<std::string, Json>> architecture_fields;  // by their names in config.json

  // Schedule.
  std::int64_t batch_tokens = 0;    // B T: tokens a step, a multiple of T
  double learning_rate = 0;         // the highest
  double final_learning_rate = -1;  // at the last step, as part of the highest; -1: planned
  double warmup = -1;               // part of the steps over which it rises; -1: planned
  double decay = -1;                // over which it falls in the end; -1: planned
  double batch_ramp = 0;            // that are smaller: half of them a quarter, half of them half
  double average = 0;               // whose weights the model is the mean of, at the end

  // Optimizer.
  std::string optimizer;           // "muon" or "adamw"; empty: planned
  double adamw_learning_rate = 0;  // the highest, of what Muon leaves to AdamW; 0: planned
  double momentum = 0.95;          // Muon, as the next five (nn/muon.h)
  std::int64_t orthogonal_steps = 3;
  std::string muon_scale = "spectral";  // or "rms"
  bool neuron_scaling = true;
  bool cautious_decay = true;
  double weight_decay = 0.1;       // on matrices
  double clip = 1.0;               // bound of the gradient's norm
  double beta1 = 0.9, beta2 = -1;  // AdamW; -1: planned

  std::string precision =
      "bfloat16";  // of products, where the processor has it: also "float32", "int8"

  // First weights: deviations of the embedding; of hidden matrices, times 1 / sqrt(inputs); of
  // those that write to the residual stream, times that of the other hidden ones. -1: planned.
  double embedding_deviation = -1, hidden_deviation = -1, residual_deviation = -1;

  // Of architectures with experts or the prediction of a second token (nn/transformer.h).
  double router_bias_rate = 0.001;
  double sequence_balance = 0;
  double second_token_weight = 0.3;

  std::string architecture_name() const { return architecture.empty() ? "llama" : architecture; }
};

// Reads a TOML file. An unknown name or a value of the wrong type or range is a kInput error that
// gives file and line, and the known name that is most alike.
// Tables among `others` are left to their readers.
Result<TrainConfig> read_train_config(const std::string& path,
                                      const std::vector<std::string>& others = {});

Json to_json(const TrainConfig& config);

}  // namespace pith
