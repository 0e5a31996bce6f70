#include "pith/infer/generate.h"

#include <algorithm>
#include <chrono>

#include "pith/infer/stop_strings.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool contains(const std::vector<int>& ids, int id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Tokens of a prompt between two looks at `cancel`.
constexpr std::size_t kPiece = 512;

bool is_set(const std::atomic<bool>* flag) {
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

// Brings the session to `prompt`, all but its last token at most reused; the logits behind it, or
// none when `cancel` was set.
Result<std::span<const float>> bring_to(Session& session, std::span<const int> prompt,
                                        const std::atomic<bool>* cancel, int& reused) {
  const std::span<const int> held = session.ids();
  const auto common = std::mismatch(held.begin(), held.end(), prompt.begin(), prompt.end());
  const auto same = static_cast<std::size_t>(common.first - held.begin());
  const std::size_t keep = std::min(same, prompt.empty() ? 0 : prompt.size() - 1);
  if (prompt.size() > static_cast<std::size_t>(session.max_tokens())) {
    return capacity_error("[infer] the prompt has " + std::to_string(prompt.size()) +
                          " tokens, the model's context " + std::to_string(session.max_tokens()) +
                          "; give a shorter prompt");
  }
  session.truncate(static_cast<int>(keep));
  reused = static_cast<int>(keep);
  std::span<const int> rest = prompt.subspan(keep);
  while (rest.size() > kPiece) {
    PITH_TRY(session.prefill(rest.first(kPiece)));
    rest = rest.subspan(kPiece);
    if (is_set(cancel)) return std::span<const float>();
  }
  return session.prefill(rest);
}

}  // namespace

std::string_view stop_reason_name(StopReason reason) {
  switch (reason) {
    case StopReason::kEndOfText:
      return "end";
    case StopReason::kStopString:
      return "stop";
    case StopReason::kMaxTokens:
      return "length";
    case StopReason::kContextFull:
      return "context";
    case StopReason::kCancelled:
      return "cancelled";
  }
  return "";
}

Result<Generation> generate(Session& session, const Tokenizer& tokenizer,
                            std::span<const int> prompt, const GenerateOptions& options,
                            const TextSink& on_text, const std::atomic<bool>* cancel) {
  if (options.max_tokens < 0) {
    return input_error("[infer] the number of tokens must not be negative: " +
                       std::to_string(options.max_tokens));
  }
  PITH_ASSIGN(Sampler sampler, Sampler::create(options.sampler));
  sampler.ban(options.banned_ids);
  StreamingDecoder decoder(tokenizer);
  StopStrings stop(options.stop_strings);
  Generation result;
  const auto show = [&](const std::string& text) {
    if (text.empty()) return;
    result.text += text;
    if (on_text) on_text(text);
  };

  auto start = Clock::now();
  result.prompt_tokens = static_cast<int>(prompt.size());
  PITH_ASSIGN(std::span<const float> logits,
              bring_to(session, prompt, cancel, result.reused_tokens));
  result.prefill_seconds = seconds_since(start);

  start = Clock::now();
  const auto limit = static_cast<std::size_t>(options.max_tokens);
  std::vector<int> seen(prompt.begin(), prompt.end());
  while (true) {
    if (is_set(cancel)) {
      result.reason = StopReason::kCancelled;
      break;
    }
    if (result.ids.size() >= limit) break;  // kMaxTokens
    PITH_ASSIGN(const int id, sampler.sample(logits, seen));
    if (contains(options.stop_ids, id)) {
      result.reason = StopReason::kEndOfText;
      break;
    }
    result.ids.push_back(id);
    seen.push_back(id);
    show(stop.add(decoder.add(id)));
    if (stop.stopped()) {
      result.reason = StopReason::kStopString;
      break;
    }
    if (result.ids.size() >= limit) break;
    if (session.length() >= session.max_tokens()) {
      result.reason = StopReason::kContextFull;
      break;
    }
    PITH_ASSIGN(logits, session.decode(id));
  }
  if (!stop.stopped()) {
    show(stop.add(decoder.finish()));
    show(stop.finish());
  }
  result.decode_seconds = seconds_since(start);
  return result;
}

}  // namespace pith
