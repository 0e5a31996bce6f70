#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/text/tokenizer.h"

// Conversations as token ids. Special tokens are put in as ids and contents are encoded as plain
// text, so nothing that a user writes can open or close a turn.
//
//   <|bos|>  then per message  <|role|> content <|end|>  and, for an answer to come, <|assistant|>
//
// Contents stand as given, untrimmed, with no newline around them; the Jinja template written to
// tokenizer_config.json says the same, and apply_chat_template gives the same ids as long as no
// content spells a special token.
namespace pith {

struct ChatMessage {
  std::string role;  // "system", "user" or "assistant"
  std::string content;
};

// The ids of a conversation. `add_generation_prompt` ends it with <|assistant|>, so that a model
// answers. `answer_mask`, when given, gets one entry per id: 1 where an assistant wrote it (content
// and its <|end|>), what fine-tuning learns from. Errors: kInput for an unknown role, or when the
// tokenizer lacks the special tokens.
Result<std::vector<int>> encode_chat(const Tokenizer& tokenizer,
                                     const std::vector<ChatMessage>& messages,
                                     bool add_generation_prompt,
                                     std::vector<char>* answer_mask = nullptr);

// The Jinja template of the same.
std::string_view chat_template_jinja();

// Contents of tokenizer_config.json and special_tokens_map.json, with which
// AutoTokenizer.from_pretrained(folder) loads the folder. `max_tokens` is the model's context.
Json tokenizer_config(const Tokenizer& tokenizer, int max_tokens);
Json special_tokens_map(const Tokenizer& tokenizer);

// Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json into `folder`.
Status write_tokenizer_files(const Tokenizer& tokenizer, int max_tokens, const std::string& folder);

// The id that ends an assistant's turn (<|end|>, else eos), for the sampler to stop at.
std::optional<int> end_of_turn_id(const Tokenizer& tokenizer);

}  // namespace pith
