#include "pith/text/chat_template.h"

#include "pith/base/files.h"

namespace pith {

std::string_view chat_template_jinja() {
  return "{{- bos_token -}}\n"
         "{%- for message in messages -%}\n"
         "{%- if message['role'] not in ['system', 'user', 'assistant'] -%}\n"
         "{{- raise_exception('role is not system, user or assistant: ' + message['role']) -}}\n"
         "{%- endif -%}\n"
         "{{- '<|' + message['role'] + '|>' -}}\n"
         "{{- message['content'] + '<|end|>' -}}\n"
         "{%- endfor -%}\n"
         "{%- if add_generation_prompt -%}\n"
         "{{- '<|assistant|>' -}}\n"
         "{%- endif -%}\n";
}

Result<std::vector<int>> encode_chat(const Tokenizer& tokenizer,
                                     const std::vector<ChatMessage>& messages,
                                     bool add_generation_prompt, std::vector<char>* answer_mask) {
  const auto special = [&](const std::string& content) -> Result<int> {
    if (const auto id = tokenizer.special_id(content)) return *id;
    return input_error("[chat] the tokenizer has no token " + content +
                       "; conversations need a tokenizer made by pith tokenizer");
  };
  PITH_ASSIGN(const int bos, special("<|bos|>"));
  PITH_ASSIGN(const int end, special("<|end|>"));
  PITH_ASSIGN(const int assistant, special("<|assistant|>"));
  std::vector<int> ids = {bos};
  if (answer_mask != nullptr) answer_mask->assign(1, 0);
  Encoder encoder(tokenizer);
  for (const ChatMessage& message : messages) {
    if (message.role != "system" && message.role != "user" && message.role != "assistant") {
      return input_error("[chat] role is not system, user or assistant: " + message.role);
    }
    PITH_ASSIGN(const int role, special("<|" + message.role + "|>"));
    ids.push_back(role);
    if (answer_mask != nullptr) answer_mask->push_back(0);
    encoder.encode(message.content, ids);
    ids.push_back(end);
    if (answer_mask != nullptr) answer_mask->resize(ids.size(), message.role == "assistant");
  }
  if (add_generation_prompt) {
    ids.push_back(assistant);
    if (answer_mask != nullptr) answer_mask->push_back(0);
  }
  return ids;
}

namespace {

void set_role(const Tokenizer& tokenizer, std::optional<int> id, std::string_view key, Json& json) {
  if (id) json.set(key, Json(tokenizer.token_bytes(*id)));
}

void set_roles(const Tokenizer& tokenizer, Json& json) {
  set_role(tokenizer, tokenizer.bos_id(), "bos_token", json);
  set_role(tokenizer, tokenizer.eos_id(), "eos_token", json);
  set_role(tokenizer, tokenizer.pad_id(), "pad_token", json);
}

}  // namespace

Json tokenizer_config(const Tokenizer& tokenizer, int max_tokens) {
  Json config = Json::object();
  config.set("tokenizer_class", "PreTrainedTokenizerFast");
  config.set("model_max_length", max_tokens);
  config.set("clean_up_tokenization_spaces", false);
  set_roles(tokenizer, config);
  Json decoder = Json::object();
  for (const AddedToken& token : tokenizer.added_tokens()) {
    Json entry = Json::object();
    entry.set("content", token.content);
    for (const char* key : {"lstrip", "normalized", "rstrip", "single_word"}) entry.set(key, false);
    entry.set("special", token.special);
    decoder.set(std::to_string(token.id), std::move(entry));
  }
  config.set("added_tokens_decoder", std::move(decoder));
  if (end_of_turn_id(tokenizer) && tokenizer.special_id("<|assistant|>")) {
    config.set("chat_template", chat_template_jinja());
  }
  return config;
}

Json special_tokens_map(const Tokenizer& tokenizer) {
  Json map = Json::object();
  set_roles(tokenizer, map);
  Json others = Json::array();
  for (const AddedToken& token : tokenizer.added_tokens()) {
    const bool has_role = tokenizer.bos_id() == token.id || tokenizer.eos_id() == token.id ||
                          tokenizer.pad_id() == token.id;
    if (token.special && !has_role) others.push_back(token.content);
  }
  if (!others.items().empty()) map.set("additional_special_tokens", std::move(others));
  return map;
}

Status write_tokenizer_files(const Tokenizer& tokenizer, int max_tokens,
                             const std::string& folder) {
  PITH_TRY(tokenizer.save(join_path(folder, "tokenizer.json")));
  PITH_TRY(write_file(join_path(folder, "tokenizer_config.json"),
                      tokenizer_config(tokenizer, max_tokens).dump(true) + "\n"));
  return write_file(join_path(folder, "special_tokens_map.json"),
                    special_tokens_map(tokenizer).dump(true) + "\n");
}

std::optional<int> end_of_turn_id(const Tokenizer& tokenizer) {
  if (const auto id = tokenizer.special_id("<|end|>")) return id;
  if (const auto id = tokenizer.special_id("<|eot_id|>")) return id;
  return tokenizer.eos_id();
}

}  // namespace pith
