#pragma once

#include <string_view>
#include <vector>

#include "pith/base/result.h"
#include "pith/formats/model_folder.h"
#include "pith/formats/safetensors.h"
#include "pith/ngram/interpolation.h"

// Counted n-grams and the weights of the mixture as tensors of a model folder:
//
//   ngrams.unigrams         F32 (V)          ngrams.begin            I32 (K + 1)
//   ngrams.order_begin      I64 (order)      ngrams.tokens           I32 (E)
//   ngrams.contexts         I64 (K)          ngrams.shares           F32 (E)
//   ngrams.backoffs         F32 (K)          ngrams.network_weights  F32 (order, kBackoffParts)
namespace pith {

// The tensors look into `interpolation`.
void append_tensors(const Interpolation& interpolation, std::vector<TensorToWrite>& tensors);

// What append_tensors wrote, for a vocabulary of `vocab`. kFormat when one is missing, of another
// type or shape, or damaged; `name` (the folder) opens the message.
Result<Interpolation> read_interpolation(const ModelFolder& folder, int order, int vocab,
                                         std::string_view name);

}  // namespace pith
