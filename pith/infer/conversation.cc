#include "pith/infer/conversation.h"

#include <algorithm>
#include <utility>

#include "pith/base/check.h"

namespace pith {

Conversation::Conversation(const ServedModel& served, Session& session, ChatStyle style,
                           GenerateOptions options, std::string system)
    : served_(served), session_(session), style_(style), options_(std::move(options)) {
  const auto append = [](std::vector<int>& to, const std::vector<int>& ids) {
    to.insert(to.end(), ids.begin(), ids.end());
  };
  append(options_.stop_ids, served.stop_ids);
  append(options_.banned_ids, served.special_ids);
  if (style_ == ChatStyle::kTemplate && !system.empty()) {
    messages_.push_back({"system", std::move(system)});
  }
}

void Conversation::reset() {
  const bool system = !messages_.empty() && messages_[0].role == "system";
  messages_.resize(system ? 1 : 0);
  text_ids_.clear();
  session_.truncate(0);
}

// An answer may take up to half of the context.
std::size_t Conversation::room_for_prompt() const {
  const auto context = static_cast<std::size_t>(session_.max_tokens());
  return context - std::min(static_cast<std::size_t>(options_.max_tokens), context / 2);
}

Result<std::vector<int>> Conversation::template_prompt() {
  const std::size_t room = room_for_prompt();
  const std::size_t first = messages_[0].role == "system" ? 1 : 0;
  std::vector<ChatMessage> kept = messages_;
  while (true) {
    PITH_ASSIGN(std::vector<int> ids, encode_chat(served_.tokenizer, kept, true));
    if (ids.size() <= room) {
      forgot_ = kept.size() < messages_.size();
      messages_ = std::move(kept);
      return ids;
    }
    if (kept.size() < first + 3) {
      return capacity_error("[chat] the message has " + std::to_string(ids.size()) +
                            " tokens, room is for " + std::to_string(room) +
                            "; write a shorter one");
    }
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(first),
               kept.begin() + static_cast<std::ptrdiff_t>(first + 2));
  }
}

// Everything said, and `text` behind it.
Result<std::vector<int>> Conversation::completion_prompt(std::string_view text) {
  const std::size_t room = room_for_prompt(), front = served_.bos_id ? 1 : 0;
  std::vector<int> piece;
  served_.tokenizer.encode(text, piece);
  if (piece.size() + front > room) {
    return capacity_error("[chat] the message has " + std::to_string(piece.size()) +
                          " tokens, room is for " + std::to_string(room - front) +
                          "; write a shorter one");
  }
  std::vector<int> ids = text_ids_;
  if (ids.empty() && served_.bos_id) ids.push_back(*served_.bos_id);
  ids.insert(ids.end(), piece.begin(), piece.end());
  forgot_ = ids.size() > room;
  if (forgot_) {
    // Forget some more than needed, so that not every turn has to be computed anew.
    const std::size_t keep = std::max(piece.size(), room / 2 > front ? room / 2 - front : 0);
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(front),
              ids.end() - static_cast<std::ptrdiff_t>(keep));
  }
  return ids;
}

Result<Generation> Conversation::answer(std::string_view text, const TextSink& on_text,
                                        const std::atomic<bool>* cancel) {
  if (style_ == ChatStyle::kCompletion) {
    const std::string gap = text_ids_.empty() ? "" : "\n\n";
    PITH_ASSIGN(std::vector<int> prompt, completion_prompt(gap + std::string(text)));
    return take_turn(std::move(prompt), on_text, cancel);
  }
  messages_.push_back({"user", std::string(text)});
  auto prompt = template_prompt();
  if (!prompt) {
    messages_.pop_back();
    return prompt.error();
  }
  PITH_ASSIGN(Generation generation, take_turn(std::move(*prompt), on_text, cancel));
  messages_.push_back({"assistant", generation.text});
  return generation;
}

Result<Generation> Conversation::go_on(const TextSink& on_text, const std::atomic<bool>* cancel) {
  PITH_CHECK(can_go_on(), "something was said");
  PITH_ASSIGN(std::vector<int> prompt, completion_prompt(""));
  return take_turn(std::move(prompt), on_text, cancel);
}

Result<Generation> Conversation::take_turn(std::vector<int> prompt, const TextSink& on_text,
                                           const std::atomic<bool>* cancel) {
  GenerateOptions options = options_;
  options.sampler.seed =
      Random(options_.sampler.seed, "turn", static_cast<std::uint64_t>(turns_)).next();
  PITH_ASSIGN(Generation generation,
              generate(session_, served_.tokenizer, prompt, options, on_text, cancel));
  ++turns_;
  if (style_ == ChatStyle::kCompletion) {
    text_ids_ = std::move(prompt);
    text_ids_.insert(text_ids_.end(), generation.ids.begin(), generation.ids.end());
  }
  return generation;
}

}  // namespace pith
