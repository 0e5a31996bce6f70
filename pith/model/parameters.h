#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/result.h"
#include "pith/formats/model_folder.h"
#include "pith/model/config.h"

// The tensors of a model, by their names in Hugging Face folders, and what they cost.
namespace pith {

struct ParameterShape {
  // What it is to a training that gives it first weights (nn/initialize.h).
  enum class Start : std::uint8_t {
    kHidden,     // a matrix of a layer
    kResidual,   // one whose products are added to the residual stream
    kEmbedding,  // the embedding, and an output head of its own
    kOnes,       // gains of a norm
    kZeros       // the bias of a router, a table of n-grams
  };

  std::string name;                 // "model.layers.0.self_attn.q_proj.weight"
  std::vector<std::int64_t> shape;  // {out, in} row-major, or {length}
  Start start = Start::kHidden;
  double multiplied = 1;    // by which part of the tokens, where it is a matrix
  bool few_rows = false;    // a table of which a step reads few rows
  bool by_gradient = true;  // false: no gradient trains it (the bias of a router)

  std::int64_t elements() const;
  bool is_matrix() const { return shape.size() == 2; }
};

// In this order: embed_tokens; tables of n-grams; for each layer the norm of attention, attention,
// the norm of the MLP, the MLP; norm; lm_head unless tied. Tensors that multiply the same input
// stand side by side (q k v, gate up), so that one product does them all. `config` is valid.
std::vector<ParameterShape> parameter_shapes(const ModelConfig& config);

// That the model folder `folder`, opened as `files`, has all of these in these shapes; kFormat with
// the first that is not so. Asked before anything is allocated, a wild config.json costs no memory.
Status check_tensors(const ModelConfig& config, const std::string& folder,
                     const ModelFolder& files);

// Those that gradients train.
std::int64_t count_parameters(const ModelConfig& config);

// Of these, those that one token meets: of a matrix that multiplies a part of the tokens that part,
// of a table that is looked up one row.
std::int64_t count_active_parameters(const ModelConfig& config);

// Tensors that a folder has a second time, as DeepSeek's do: name of the copy, and of what it
// copies.
std::vector<std::pair<std::string, std::string>> copied_tensors(const ModelConfig& config);

// The config without the layer that predicts a second token, which a served model does not need.
ModelConfig without_prediction(const ModelConfig& config);
// Whether the folder holds that layer. transformers writes the config of one and no weights.
bool has_prediction(const ModelConfig& config, const ModelFolder& files);

// Floating-point operations to train on one token that sees `context` tokens on average (itself
// included): six per weight that multiplies (embedding look-up costs none, a tied head does), and
// attention's two products, forward and backward.
double flops_per_token(const ModelConfig& config, double context);

}  // namespace pith
