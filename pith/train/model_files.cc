#include "pith/train/model_files.h"

#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/formats/model_folder.h"
#include "pith/model/architecture.h"
#include "pith/model/parameters.h"
#include "pith/ngram/ngram_tensors.h"
#include "pith/text/chat_template.h"

namespace pith {

Status save_model(Transformer& transformer, const Tokenizer& tokenizer, const std::string& folder,
                  const Interpolation* interpolation) {
  ModelConfig config = transformer.config();
  config.ngram_order = config.ngram_contexts = config.ngram_followers = 0;
  if (interpolation != nullptr) {
    const NgramTables& tables = interpolation->model.tables();
    config.ngram_order = tables.order;
    config.ngram_contexts = static_cast<int>(tables.contexts.size());
    config.ngram_followers = static_cast<int>(tables.tokens.size());
  }
  ModelFolderContent content;
  content.config = to_json(config);
  content.generation_config.set("bos_token_id", config.bos_token_id);
  Json ends = Json::array();
  ends.push_back(config.eos_token_id);
  if (const auto end_of_turn = end_of_turn_id(tokenizer);
      end_of_turn && *end_of_turn != config.eos_token_id) {
    ends.push_back(*end_of_turn);
  }
  content.generation_config.set("eos_token_id", std::move(ends));
  if (config.pad_token_id >= 0) {
    content.generation_config.set("pad_token_id", config.pad_token_id);
  }
  content.generation_config.set("do_sample", true);
  content.generation_config.set("temperature", 0.8);
  content.generation_config.set("top_p", 0.95);
  for (const Parameter& parameter : transformer.parameters()) {
    content.tensors.push_back(
        {parameter.name, DType::kF32, parameter.shape, std::as_bytes(parameter.value)});
  }
  for (const auto& [copy, name] : copied_tensors(config)) {
    for (std::size_t i = 0; i < transformer.parameters().size(); ++i) {
      if (content.tensors[i].name != name) continue;
      TensorToWrite tensor = content.tensors[i];
      tensor.name = copy;
      content.tensors.push_back(std::move(tensor));
    }
  }
  if (interpolation != nullptr) append_tensors(*interpolation, content.tensors);
  content.files = {
      {"tokenizer.json", tokenizer.to_json()},
      {"tokenizer_config.json", tokenizer_config(tokenizer, config.context).dump(true) + "\n"},
      {"special_tokens_map.json", special_tokens_map(tokenizer).dump(true) + "\n"},
  };
  for (const ArchitectureFile& file : architecture_of(config).files) {
    content.files.emplace_back(file.name, file.content);
  }
  return write_model_folder(folder, content);
}

Result<LoadedModel> load_model(const std::string& folder, const TransformerOptions& options) {
  PITH_ASSIGN(const ModelFolder files, ModelFolder::open(folder));
  PITH_ASSIGN(ModelConfig config,
              parse_model_config(files.config(), join_path(folder, "config.json")));
  if (!has_prediction(config, files)) config = without_prediction(config);
  const std::string tokenizer_path = join_path(folder, "tokenizer.json");
  PITH_ASSIGN(Tokenizer tokenizer, Tokenizer::load(tokenizer_path));
  if (tokenizer.vocab_size() > config.vocab_size) {
    return format_error("[model] " + tokenizer_path + ": has " +
                        std::to_string(tokenizer.vocab_size()) + " ids, the model has " +
                        std::to_string(config.vocab_size) + "; they do not belong together");
  }
  PITH_TRY(check_tensors(config, folder, files));
  PITH_ASSIGN(auto transformer, Transformer::create(config, options));
  for (Parameter& parameter : transformer->parameters()) {
    PITH_TRY(files.read_floats(parameter.name, parameter.shape, parameter.value));
  }
  LoadedModel loaded{std::move(transformer), std::move(tokenizer), {}};
  if (config.ngram_order > 0) {
    PITH_ASSIGN(loaded.interpolation,
                read_interpolation(files, config.ngram_order, config.vocab_size, folder));
  }
  return loaded;
}

}  // namespace pith
