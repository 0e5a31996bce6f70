#include "pith/infer/model.h"

#include <algorithm>
#include <utility>

#include "pith/base/files.h"
#include "pith/formats/model_folder.h"
#include "pith/model/parameters.h"

namespace pith {
namespace {

constexpr std::size_t kPanel = PackedMatrix::kPanel;

std::size_t size(int value) { return static_cast<std::size_t>(value); }

// Reads tensors into a buffer that is used again, and counts their elements.
class Reader {
 public:
  explicit Reader(const Model::TensorSource& read) : read_(read) {}

  // The tensor's rows, each `columns` long; columns 0: a vector.
  Result<std::span<const float>> tensor(const std::string& name, std::size_t rows,
                                        std::size_t columns = 0) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
    if (columns > 0) shape.push_back(static_cast<std::int64_t>(columns));
    const std::size_t elements = rows * std::max<std::size_t>(columns, 1);
    buffer_.resize(std::max(buffer_.size(), elements));
    PITH_TRY(read_(name, shape, std::span(buffer_).first(elements)));
    elements_read_ += elements;
    return std::span<const float>(buffer_).first(elements);
  }

  Status vector(const std::string& name, std::size_t length, std::vector<float>& out) {
    PITH_ASSIGN(const auto values, tensor(name, length));
    out.assign(values.begin(), values.end());
    return {};
  }

  Status table(const std::string& name, std::size_t rows, std::size_t columns,
               std::vector<float>& out) {
    PITH_ASSIGN(const auto values, tensor(name, rows, columns));
    out.assign(values.begin(), values.end());
    return {};
  }

  Status rows(const std::string& name, std::size_t rows, std::size_t columns, std::size_t first,
              PackedMatrix& out) {
    PITH_ASSIGN(const auto values, tensor(name, rows, columns));
    out.set_rows(first, values);
    return {};
  }

  std::size_t elements_read() const { return elements_read_; }

 private:
  const Model::TensorSource& read_;
  std::vector<float> buffer_;
  std::size_t elements_read_ = 0;
};

// Panels of w to every second panel of out, from panel `offset` on.
Status alternate_panels(Reader& reader, const std::string& name, std::size_t rows,
                        std::size_t columns, std::size_t offset, PackedMatrix& out) {
  PITH_ASSIGN(const auto values, reader.tensor(name, rows, columns));
  for (std::size_t row = 0; row < rows; row += kPanel) {
    const std::size_t count = std::min(kPanel, rows - row);
    out.set_rows(2 * row + offset * kPanel, values.subspan(row * columns, count * columns));
  }
  return {};
}

Result<LayerWeights> read_layer(Reader& reader, const ModelConfig& config, std::size_t index) {
  const std::string prefix = "model.layers." + std::to_string(index) + ".";
  const std::size_t channels = size(config.hidden_size);
  const std::size_t query_rows = size(config.heads) * size(config.head_size);
  const std::size_t kv_rows = size(config.kv_heads) * size(config.head_size);
  const std::size_t hidden = size(config.intermediate_size);
  const std::size_t padded = (hidden + kPanel - 1) / kPanel * kPanel;

  LayerWeights layer;
  PITH_TRY(reader.vector(prefix + "input_layernorm.weight", channels, layer.attention_norm));
  layer.qkv = PackedMatrix(query_rows + 2 * kv_rows, channels);
  const std::string attention = prefix + "self_attn.";
  PITH_TRY(reader.rows(attention + "q_proj.weight", query_rows, channels, 0, layer.qkv));
  PITH_TRY(reader.rows(attention + "k_proj.weight", kv_rows, channels, query_rows, layer.qkv));
  PITH_TRY(
      reader.rows(attention + "v_proj.weight", kv_rows, channels, query_rows + kv_rows, layer.qkv));
  layer.output = PackedMatrix(channels, query_rows);
  PITH_TRY(reader.rows(attention + "o_proj.weight", channels, query_rows, 0, layer.output));

  PITH_TRY(reader.vector(prefix + "post_attention_layernorm.weight", channels, layer.mlp_norm));
  const std::string mlp = prefix + "mlp.";
  layer.gate_up = PackedMatrix(2 * padded, channels);
  PITH_TRY(alternate_panels(reader, mlp + "gate_proj.weight", hidden, channels, 0, layer.gate_up));
  PITH_TRY(alternate_panels(reader, mlp + "up_proj.weight", hidden, channels, 1, layer.gate_up));
  layer.down = PackedMatrix(channels, hidden);
  PITH_TRY(reader.rows(mlp + "down_proj.weight", channels, hidden, 0, layer.down));
  return layer;
}

}  // namespace

Result<Model> Model::load(const std::string& folder) {
  PITH_ASSIGN(const ModelFolder files, ModelFolder::open(folder));
  PITH_ASSIGN(const ModelConfig config,
              parse_model_config(files.config(), join_path(folder, "config.json")));
  PITH_TRY(check_tensors(config, folder, files));
  const TensorSource read = [&](std::string_view name, std::span<const std::int64_t> shape,
                                std::span<float> out) {
    return files.read_floats(name, shape, out);
  };
  return from_source(config, read);
}

Result<Model> Model::from_source(const ModelConfig& config, const TensorSource& read) {
  Model model;
  model.config_ = config;
  Reader reader(read);
  const std::size_t vocab = size(config.vocab_size), channels = size(config.hidden_size);
  model.output_head_ = PackedMatrix(vocab, channels);
  if (config.tie_embeddings) {
    PITH_TRY(reader.rows("model.embed_tokens.weight", vocab, channels, 0, model.output_head_));
  } else {
    PITH_TRY(reader.table("model.embed_tokens.weight", vocab, channels, model.embedding_));
    PITH_TRY(reader.rows("lm_head.weight", vocab, channels, 0, model.output_head_));
  }
  for (int i = 0; i < config.layers; ++i) {
    PITH_ASSIGN(LayerWeights layer, read_layer(reader, config, size(i)));
    model.layers_.push_back(std::move(layer));
  }
  PITH_TRY(reader.vector("model.norm.weight", channels, model.final_norm_));
  model.parameters_ = reader.elements_read();
  return model;
}

void Model::embed(int id, std::span<float> out) const {
  if (embedding_.empty()) return output_head_.copy_row(size(id), out);
  const std::size_t channels = size(config_.hidden_size);
  const auto row = std::span(embedding_).subspan(size(id) * channels, channels);
  std::copy(row.begin(), row.end(), out.begin());
}

}  // namespace pith
