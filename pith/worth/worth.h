#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/train/train_config.h"
#include "pith/worth/compute_curve.h"
#include "pith/worth/paired_difference.h"
#include "pith/worth/variant.h"

// What each stage of curation is worth: the same input is curated with all stages, without each one
// and without any; small models are trained on each result, with the same tokenizer, size, number
// of tokens and seeds; held-out documents judge them. docs/worth.md tells how to read the result.
namespace pith {

struct WorthOptions {
  CurateOptions curate;                  // with all stages; `out` is left empty
  std::string target;                    // held-out documents, as DocumentReader::open takes them
  std::vector<std::string> stages;       // of worth_stages(curate); empty: all of them
  std::uint64_t tokens = 1'000'000;      // that each model is trained on
  std::int64_t seeds = 3;                // trainings of each variant; at least 1
  std::uint64_t target_bytes = 1 << 20;  // of the target to judge by, chosen by hash
  TrainConfig config;                    // without a hidden_size: the smallest of model_sizes()
  std::string out;                       // folder of the result; made when missing
};

struct StageWorth {
  WorthVariant without;
  bool changes_nothing = false;  // the same documents with and without it: nothing was trained
  PairedDifference saved;        // bits per byte without it minus with it: above 0 it helps
  // The same as compute, and at both ends of the interval; null when the curve is not usable.
  std::optional<ComputeRatio> compute, compute_low, compute_high;
};

struct WorthResult {
  WorthVariant all;
  std::vector<StageWorth> stages;
  StageWorth together;  // without any stage
  ComputeCurve curve{{}};
  std::uint64_t parameters = 0;  // of each model
  std::uint64_t tokens = 0;      // that each was trained on: steps are whole
  std::uint64_t trainings = 0;   // different ones, earlier calls included
  std::uint64_t target_documents = 0, target_bytes = 0;
  std::uint64_t leaked = 0;  // documents of the input that are in the target word for word
  double seconds = 0;        // of this call
};

// Writes OUT/worth.json and OUT/worth.md last. Killed at any moment, the same call goes on; what
// was curated or trained is kept, so a call with more seeds, other stages or tokens does only what
// is new. The same options give the same losses on any number of threads.
//
// Errors: kInput for an unknown stage (with the one that may be meant), a target without text or
// that is among the examples, no stage at all, an `out` that holds something else; what curate(),
// prepare_tokens(), train() and evaluate() return.
Result<WorthResult> measure_worth(const WorthOptions& options, const Context& context);

Json to_json(const WorthResult& result);

}  // namespace pith
