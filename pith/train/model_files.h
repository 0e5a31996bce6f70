#pragma once

#include <memory>
#include <optional>
#include <string>

#include "pith/base/result.h"
#include "pith/ngram/interpolation.h"
#include "pith/nn/transformer.h"
#include "pith/text/tokenizer.h"

// A transformer and its tokenizer as a Hugging Face model folder, and back.
namespace pith {

// Everything that transformers needs (docs/formats/model_folder.md). `interpolation` may be null.
Status save_model(Transformer& transformer, const Tokenizer& tokenizer, const std::string& folder,
                  const Interpolation* interpolation = nullptr);

struct LoadedModel {
  std::unique_ptr<Transformer> transformer;
  Tokenizer tokenizer;
  std::optional<Interpolation> interpolation;  // of counted n-grams with the transformer
};

// Errors: a folder that is no model, a tensor that is missing or of another shape than config.json
// says (both shapes are named), a tokenizer with other ids than the embedding has rows.
Result<LoadedModel> load_model(const std::string& folder, const TransformerOptions& options);

}  // namespace pith
