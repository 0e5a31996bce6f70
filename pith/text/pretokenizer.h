#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Splits text into pre-tokens, the pieces inside which BPE merges. Scanners written by hand that
// give exactly the matches of the regular expressions which GPT-4-style and other tokenizers
// publish. Pure; any thread. Time is linear in the text.
namespace pith {

enum class PretokenizerKind : std::uint8_t {
  kGpt4,   // cl100k and Llama 3: pith's own
  kGpt2,   // GPT-2's, the default of ByteLevel in `tokenizers`
  kQwen2,  // as kGpt4 with numbers digit by digit
};

// The regular expression that the scanner equals, as tokenizer.json and tiktoken write it.
std::string_view pretokenizer_pattern(PretokenizerKind kind);

// The length in bytes of the pre-token at the front of `text`, which is valid UTF-8 and not empty.
// `text` must go on to the end of the document: look-ahead sees what follows.
std::size_t next_pretoken_gpt4(std::string_view text);
std::size_t next_pretoken_gpt2(std::string_view text);
std::size_t next_pretoken_qwen2(std::string_view text);

// Calls on_pretoken(std::string_view) for each pre-token of valid UTF-8, in order; joined they are
// the text.
template <class OnPretoken>
void for_each_pretoken(PretokenizerKind kind, std::string_view text, OnPretoken&& on_pretoken) {
  const auto run = [&](auto next) {
    while (!text.empty()) {
      const std::size_t length = next(text);
      on_pretoken(text.substr(0, length));
      text.remove_prefix(length);
    }
  };
  switch (kind) {
    case PretokenizerKind::kGpt4:
      return run(next_pretoken_gpt4);
    case PretokenizerKind::kGpt2:
      return run(next_pretoken_gpt2);
    case PretokenizerKind::kQwen2:
      return run(next_pretoken_qwen2);
  }
}

}  // namespace pith
