#include "pith/infer/serving_memory.h"

#include <algorithm>
#include <variant>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/infer/blocks/experts.h"
#include "pith/infer/blocks/grouped_attention.h"
#include "pith/infer/blocks/latent_attention.h"
#include "pith/infer/blocks/mlp.h"
#include "pith/infer/kv_cache.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/ngram/interpolation.h"
#include "pith/tensor/cpu/packed_matrix.h"

namespace pith {
namespace {

constexpr std::uint64_t kProgramBytes = 24 << 20;
constexpr std::uint64_t kThreadBytes = 1 << 20;  // stack, and what malloc keeps for it
constexpr std::uint64_t kTokenizerGrowth = 10;   // tables by the size of tokenizer.json
constexpr std::uint64_t kLeastContext = KvCache::kBlock;

std::uint64_t size(std::int64_t value) { return static_cast<std::uint64_t>(value); }

// Tables of counted n-grams, as they lie in memory (ngram/ngram_model.h).
std::uint64_t ngram_bytes(const ModelConfig& config) {
  if (config.ngram_order == 0) return 0;
  const std::uint64_t contexts = size(config.ngram_contexts), order = size(config.ngram_order);
  return 4 * size(config.vocab_size) + (8 + 4 * kBackoffParts) * order + (8 + 4 + 4) * contexts +
         4 + (4 + 4) * size(config.ngram_followers);
}

}  // namespace

std::uint64_t ServingMemory::with_context(std::uint64_t tokens) const {
  const std::uint64_t blocks = (tokens + KvCache::kBlock - 1) / KvCache::kBlock;
  return model_bytes +
         std::max(loading_bytes, session_bytes + blocks * KvCache::kBlock * token_bytes);
}

ServingMemory serving_memory(const ModelConfig& config, std::uint64_t tokenizer_file_bytes,
                             int threads) {
  std::uint64_t largest = 0;
  for (const ParameterShape& parameter : parameter_shapes(config)) {
    largest = std::max(largest, size(parameter.elements()));
  }
  largest = std::max({largest, 2 * size(config.ngram_contexts), size(config.ngram_followers)});
  const std::uint64_t workers = size(std::max(1, threads)), vocab = size(config.vocab_size);
  const std::uint64_t channels = size(config.hidden_size);
  const Network network = network_of(config);
  const auto rows = [](std::uint64_t columns) -> std::uint64_t {  // of a pass, in Session::State
    return columns == 0 ? 0 : AlignedFloats::bytes_for(Session::kChunk * columns);
  };

  ServingMemory memory;
  memory.model_bytes = kProgramBytes + workers * kThreadBytes +
                       kTokenizerGrowth * tokenizer_file_bytes + packed_bytes(vocab, channels) +
                       (config.tie_embeddings ? 0 : 4 * vocab * channels);
  for (const NgramEmbedding& ngram : network.ngrams) {
    memory.model_bytes += 4 * size(ngram.rows) * channels;
  }
  for (const Layer& layer : network.layers) {
    const auto bytes = [&](const auto& block) { return served_bytes(block, channels); };
    memory.model_bytes +=
        std::visit(bytes, layer.attention) + std::visit(bytes, layer.mlp) + 2 * 4 * channels;
  }
  memory.model_bytes += ngram_bytes(config);
  memory.loading_bytes = 2 * 4 * largest;  // a tensor as read, and the file's pages
  const ScratchNeeds needs = scratch_needs(network, channels);
  memory.session_bytes = 2 * rows(channels) +
                         workers * (rows(channels) + rows(needs.own) + rows(needs.own_integers) +
                                    4 * (needs.own_fixed + needs.own_integers_fixed)) +
                         8 * 4 * vocab;  // logits, and sampling
  if (config.ngram_order > 0) memory.session_bytes += workers * 4 * vocab;
  for (const std::size_t columns : needs.shared) memory.session_bytes += rows(columns);
  // Keys and values; cosines and sines, scores and ids, whose vectors are copied as they grow.
  const CacheShape cache = cache_shape(network);
  const std::uint64_t block =
      AlignedFloats::bytes_for(KvCache::block_bytes(network.layers.size(), cache) / sizeof(float));
  memory.token_bytes =
      (block + KvCache::kBlock - 1) / KvCache::kBlock + 4 * 2 * (cache.key_size + workers + 2);
  return memory;
}

Result<SessionOptions> session_within_memory(const std::string& folder, const Context& context) {
  SessionOptions options{.threads = context.threads, .max_tokens = 0};
  if (context.memory_bytes == 0) return options;
  PITH_ASSIGN(const ModelConfig config, load_model_config(folder));
  const auto tokenizer = file_size(join_path(folder, "tokenizer.json"));
  const ServingMemory memory = serving_memory(config, tokenizer ? *tokenizer : 0, context.threads);
  const std::uint64_t whole = size(config.context);
  const std::uint64_t least = memory.with_context(std::min(kLeastContext, whole));
  if (context.memory_bytes < least) {
    return capacity_error("[model] " + folder + ": takes up to " + format_mebibytes(least) +
                          " of memory; give --memory at least that, not " +
                          format_mebibytes(context.memory_bytes));
  }
  if (memory.with_context(whole) <= context.memory_bytes) return options;
  const std::uint64_t tokens = (context.memory_bytes - memory.model_bytes - memory.session_bytes) /
                               memory.token_bytes / KvCache::kBlock * KvCache::kBlock;
  options.max_tokens = static_cast<int>(std::min(tokens, whole));
  context.warn("--memory " + format_mebibytes(context.memory_bytes) +
               " has room for a context of " + format_count(tokens) + " tokens, of the model's " +
               format_count(whole));
  return options;
}

}  // namespace pith
