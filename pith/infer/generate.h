#pragma once

#include <atomic>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/infer/sampler.h"
#include "pith/infer/session.h"
#include "pith/text/tokenizer.h"

// Continues a prompt token by token.
namespace pith {

struct GenerateOptions {
  int max_tokens = 256;                        // new tokens at most
  SamplerOptions sampler = {};                 // seed included
  std::vector<int> stop_ids = {};              // end of text or of the turn; not part of the text
  std::vector<int> banned_ids = {};            // never chosen
  std::vector<std::string> stop_strings = {};  // the text ends before the first of them
};

enum class StopReason : std::uint8_t {
  kEndOfText,    // one of stop_ids came
  kStopString,   // one of stop_strings came
  kMaxTokens,    // max_tokens were made
  kContextFull,  // the session holds no more; a context is never slid silently
  kCancelled,    // `cancel` was set
};
std::string_view stop_reason_name(StopReason reason);  // "end", "stop", "length", ...

struct Generation {
  std::string text;      // valid UTF-8
  std::vector<int> ids;  // the new tokens, a stop id left out
  StopReason reason = StopReason::kMaxTokens;
  int prompt_tokens = 0;
  int reused_tokens = 0;  // of the prompt, found in the session's cache
  double prefill_seconds = 0, decode_seconds = 0;
};

// Gets text as it comes: whole characters only; the pieces joined are Generation::text.
using TextSink = std::function<void(std::string_view text)>;

// Continues `prompt`, the whole sequence from its first token on. What the session already holds of
// it is not computed again, and what it holds besides is forgotten, so a conversation may send its
// history each time. `cancel`, when given, is looked at after every new token and
// every few hundred of the prompt. Errors: those of
// Sampler::create, Session::prefill (a prompt longer than the context) and Sampler::sample.
Result<Generation> generate(Session& session, const Tokenizer& tokenizer,
                            std::span<const int> prompt, const GenerateOptions& options,
                            const TextSink& on_text = {},
                            const std::atomic<bool>* cancel = nullptr);

}  // namespace pith
