#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/result.h"
#include "pith/infer/model.h"
#include "pith/infer/sampler.h"
#include "pith/text/tokenizer.h"

// A model folder with all that is needed to talk to it.
namespace pith {

// How a conversation is written down for the model.
enum class ChatStyle : std::uint8_t {
  kCompletion,  // plain text that the model continues: it has learned from documents only
  kTemplate,    // turns between special tokens (text/chat_template.h): it has learned turns
};

struct ServedModel {
  Model model;
  Tokenizer tokenizer;
  std::optional<int> bos_id;     // a text begins with it
  std::vector<int> stop_ids;     // of generation_config.json and the tokenizer: text or turn ends
  std::vector<int> special_ids;  // every special token but stop_ids: banned in plain text
  ChatStyle chat_style = ChatStyle::kCompletion;
  SamplerOptions sampler;  // defaults, as generation_config.json has them

  // Reads the folder; every file that is missing or does not fit the others is an error.
  // `pith_chat` in generation_config.json, "completion" or "template", sets chat_style; without it
  // a model is taken as one that knows documents only.
  static Result<ServedModel> load(const std::string& folder);

  // The ids of a plain text, bos in front.
  std::vector<int> encode_prompt(std::string_view text) const;
};

}  // namespace pith
