#include "pith/train/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <vector>

#include "pith/base/units.h"
#include "pith/formats/documents.h"
#include "pith/model/parameters.h"
#include "pith/train/document_loss.h"
#include "pith/train/held_signals.h"
#include "pith/train/model_files.h"
#include "pith/train/ngram_mixture.h"
#include "pith/train/plan.h"

namespace pith {
namespace {

constexpr int kLongestWindow = 2048;
constexpr int kBatchTokens = 4096;

// Of rows of T tokens, as many as go through the model at once within context.memory_bytes.
Result<int> batch_tokens_within(const ModelConfig& config, int T, const Context& context) {
  const int most = std::max(T, kBatchTokens / T * T);
  if (context.memory_bytes == 0) return most;
  // Weights, their gradients although nothing asks for them, and the program with its threads.
  const double fixed =
      2 * 4.0 * static_cast<double>(count_parameters(config)) + 48e6 + 8e6 * context.threads;
  const auto bound = static_cast<double>(context.memory_bytes);
  for (int tokens = most; tokens > 0; tokens -= T) {
    if (fixed + pass_bytes(config, tokens) <= bound) return tokens;
  }
  const auto least = static_cast<std::uint64_t>(fixed + pass_bytes(config, T));
  return capacity_error("[eval] the model takes up to " + format_mebibytes(least) +
                        " of memory; give --memory at least that, not " +
                        format_mebibytes(context.memory_bytes));
}

}  // namespace

Result<EvalResult> evaluate(const std::string& model_folder, const std::string& documents,
                            const Context& context, const std::string& text_field) {
  const auto begin = std::chrono::steady_clock::now();
  PITH_ASSIGN(const ModelConfig config, load_model_config(model_folder));
  const int T = std::min(config.context, kLongestWindow);
  PITH_ASSIGN(const int batch_tokens, batch_tokens_within(config, T, context));
  const HeldSignals signals;
  PITH_ASSIGN(LoadedModel model,
              load_model(model_folder, {.max_batch_tokens = batch_tokens,
                                        .max_sequence = T,
                                        .threads = std::max(1, context.threads)}));
  const auto bos = model.tokenizer.bos_id(), eos = model.tokenizer.eos_id();
  if (!bos || !eos) {
    return input_error("[eval] " + model_folder +
                       ": its tokenizer has no tokens that begin and end a document");
  }
  PITH_ASSIGN(DocumentReader reader, DocumentReader::open(documents, {.text_field = text_field}));
  DocumentLoss loss(*model.transformer, T, batch_tokens,
                    model.interpolation ? mixture_loss(*model.interpolation) : TokenLoss{});
  Encoder encoder(model.tokenizer);
  EvalResult result;
  std::vector<int> ids;
  Document document;
  while (true) {
    signals.let_in();
    if (context.stopped()) return Error{ErrorKind::kInterrupted, "[eval] stopped"};
    PITH_ASSIGN(const bool more, reader.next(document));
    if (!more) break;
    if (document.text.empty()) continue;
    ids.assign(1, *bos);
    encoder.encode(document.text, ids);
    ids.push_back(*eos);
    loss.add(ids);
    result.bytes += document.text.size();
    result.tokens += ids.size() - 1;
    ++result.documents;
    context.progress({.stage = "eval",
                      .done = reader.bytes_read(),
                      .total = reader.bytes_total(),
                      .unit = "B",
                      .note = {}});
  }
  if (result.documents == 0) {
    return input_error("[eval] " + documents + ": holds no document with text");
  }
  const LossSum sum = loss.finish();
  result.loss = sum.mean();
  result.bits_per_byte = sum.nats / std::numbers::ln2 / static_cast<double>(result.bytes);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace pith
