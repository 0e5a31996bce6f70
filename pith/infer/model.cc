#include "pith/infer/model.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "pith/base/check.h"
#include "pith/base/files.h"
#include "pith/formats/model_folder.h"
#include "pith/infer/blocks/experts.h"
#include "pith/infer/blocks/grouped_attention.h"
#include "pith/infer/blocks/latent_attention.h"
#include "pith/infer/blocks/mlp.h"
#include "pith/model/architecture.h"
#include "pith/model/ngram_rows.h"
#include "pith/model/parameters.h"
#include "pith/ngram/ngram_tensors.h"
#include "pith/tensor/cpu/attention_kernels.h"

namespace pith {
namespace {

std::size_t size(int value) { return static_cast<std::size_t>(value); }

Result<Model::ServedLayer> read_layer(const Layer& layer, const ModelConfig& config,
                                      bool norm_gains, TensorReader& reader) {
  const std::size_t channels = size(config.hidden_size);
  const auto read = [&](const auto& block) {
    return read_block(block, channels, config.norm_epsilon, reader);
  };
  Model::ServedLayer served;
  PITH_TRY(reader.gain(channels, norm_gains, served.attention_norm));
  PITH_ASSIGN(served.attention, std::visit(read, layer.attention));
  PITH_TRY(reader.gain(channels, norm_gains, served.mlp_norm));
  PITH_ASSIGN(served.mlp, std::visit(read, layer.mlp));
  return served;
}

// The counted n-grams of the folder; none when its config has none.
Result<std::optional<Interpolation>> read_ngrams(const ModelConfig& config,
                                                 const std::string& folder,
                                                 const ModelFolder& files) {
  if (config.ngram_order == 0) return std::optional<Interpolation>();
  PITH_ASSIGN(Interpolation interpolation,
              read_interpolation(files, config.ngram_order, config.vocab_size, folder));
  const NgramTables& tables = interpolation.model.tables();
  if (tables.contexts.size() != size(config.ngram_contexts) ||
      tables.tokens.size() != size(config.ngram_followers)) {
    return format_error("[model] " + folder + ": the counted n-grams have " +
                        std::to_string(tables.contexts.size()) + " contexts and " +
                        std::to_string(tables.tokens.size()) +
                        " followers, config.json calls for " +
                        std::to_string(config.ngram_contexts) + " and " +
                        std::to_string(config.ngram_followers) + "; they do not belong together");
  }
  return std::optional<Interpolation>(std::move(interpolation));
}

}  // namespace

Result<Model> Model::load(const std::string& folder) {
  PITH_ASSIGN(const ModelFolder files, ModelFolder::open(folder));
  PITH_ASSIGN(ModelConfig config,
              parse_model_config(files.config(), join_path(folder, "config.json")));
  config = without_prediction(config);
  PITH_TRY(check_tensors(config, folder, files));
  const TensorSource read = [&](std::string_view name, std::span<const std::int64_t> shape,
                                std::span<float> out) {
    return files.read_floats(name, shape, out);
  };
  PITH_ASSIGN(std::optional<Interpolation> interpolation, read_ngrams(config, folder, files));
  return from_source(config, read, std::move(interpolation));
}

Result<Model> Model::from_source(const ModelConfig& whole, const TensorSource& read,
                                 std::optional<Interpolation> interpolation) {
  const ModelConfig config = without_prediction(whole);
  Model model;
  model.config_ = config;
  model.network_ = network_of(config);
  PITH_CHECK(!interpolation || interpolation->model.vocab() == config.vocab_size,
             "n-grams of the same tokens");
  model.interpolation_ = std::move(interpolation);
  TensorReader reader(config, read);
  const std::size_t vocab = size(config.vocab_size), channels = size(config.hidden_size);
  model.output_head_ = PackedMatrix(vocab, channels);
  if (config.tie_embeddings) {
    PITH_TRY(reader.rows(vocab, 0, model.output_head_));
  } else {
    PITH_TRY(reader.table(vocab, channels, model.embedding_));
  }
  for (const NgramEmbedding& ngram : model.network_.ngrams) {
    PITH_TRY(reader.table(size(ngram.rows), channels, model.ngrams_.emplace_back()));
  }
  if (model.network_.norm_embedding) model.embedding_norm_.assign(channels, 1.0f);
  const bool gains = model.network_.norm_gains;
  for (const Layer& layer : model.network_.layers) {
    PITH_ASSIGN(ServedLayer served, read_layer(layer, config, gains, reader));
    model.layers_.push_back(std::move(served));
  }
  PITH_TRY(reader.gain(channels, gains, model.final_norm_));
  if (!config.tie_embeddings) PITH_TRY(reader.rows(vocab, 0, model.output_head_));
  PITH_CHECK(reader.at_end(), "every tensor is read");
  model.parameters_ = reader.elements_read();
  return model;
}

void Model::embed(std::span<const int> ids, std::span<float> out) const {
  const int id = ids.back();
  if (embedding_.empty()) {
    output_head_.copy_row(size(id), out);
  } else {
    const std::size_t channels = size(config_.hidden_size);
    const auto row = std::span(embedding_).subspan(size(id) * channels, channels);
    std::copy(row.begin(), row.end(), out.begin());
  }
  for (std::size_t i = 0; i < ngrams_.size(); ++i) {
    const NgramEmbedding& ngram = network_.ngrams[i];
    std::array<int, kMaxNgram> last;
    const std::size_t n = size(ngram.n);
    for (std::size_t back = 0; back < n; ++back) {
      last[n - 1 - back] = back < ids.size() ? ids[ids.size() - 1 - back] : -1;
    }
    const std::size_t row =
        ngram_row(std::span(last).first(n), static_cast<std::uint32_t>(ngram.rows));
    for (std::size_t c = 0; c < out.size(); ++c) out[c] += ngrams_[i][row * out.size() + c];
  }
  if (embedding_norm_.empty()) return;
  rms_norm_row(out.data(), embedding_norm_.data(), out.size(),
               static_cast<float>(config_.norm_epsilon), out.data());
}

ScratchNeeds scratch_needs(const Network& network, std::size_t channels) {
  ScratchNeeds needs;
  for (const Layer& layer : network.layers) {
    const auto cover = [&](const auto& block) { needs.cover(scratch_needs(block, channels)); };
    std::visit(cover, layer.attention);
    std::visit(cover, layer.mlp);
  }
  return needs;
}

CacheShape cache_shape(const Network& network) {
  return std::visit([](const auto& block) { return cache_shape(block); },
                    network.layers.front().attention);
}

RopeTable rope_table(const Network& network, double theta) {
  return std::visit([&](const auto& block) { return rope_table(block, theta); },
                    network.layers.front().attention);
}

}  // namespace pith
