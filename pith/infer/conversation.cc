#include "pith/infer/conversation.h"

#include <algorithm>
#include <utility>

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

Result<std::vector<int>> Conversation::completion_prompt(std::string_view text) {
  const std::size_t room = room_for_prompt(), front = served_.bos_id ? 1 : 0;
  std::vector<int> piece;
  served_.tokenizer.encode(text_ids_.empty() ? std::string(text) : "\n\n" + std::string(text),
                           piece);
  if (piece.size() + front > room) {
    return capacity_error("[chat] the message has " + std::to_string(piece.size()) +
                          " tokens, room is for " + std::to_string(room - front) +
                          "; write a shorter one");
  }
  std::vector<int> ids = text_ids_;
  if (ids.empty() && served_.bos_id) ids.push_back(*served_.bos_id);
  ids.insert(ids.end(), piece.begin(), piece.end());
  if (ids.size() > room) {
    // Forget some more than needed, so that not every turn has to be computed anew.
    const std::size_t keep = std::max(piece.size(), room / 2 > front ? room / 2 - front : 0);
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(front),
              ids.end() - static_cast<std::ptrdiff_t>(keep));
  }
  return ids;
}

Result<Generation> Conversation::answer(std::string_view text, const TextSink& on_text,
                                        const std::atomic<bool>* cancel) {
  std::vector<int> prompt;
  if (style_ == ChatStyle::kTemplate) {
    messages_.push_back({"user", std::string(text)});
    auto ids = template_prompt();
    if (!ids) {
      messages_.pop_back();
      return ids.error();
    }
    prompt = std::move(*ids);
  } else {
    PITH_ASSIGN(prompt, completion_prompt(text));
  }
  GenerateOptions options = options_;
  options.sampler.seed =
      Random(options_.sampler.seed, "turn", static_cast<std::uint64_t>(turns_)).next();
  PITH_ASSIGN(Generation generation,
              generate(session_, served_.tokenizer, prompt, options, on_text, cancel));
  ++turns_;
  if (style_ == ChatStyle::kTemplate) {
    messages_.push_back({"assistant", generation.text});
  } else {
    text_ids_ = std::move(prompt);
    text_ids_.insert(text_ids_.end(), generation.ids.begin(), generation.ids.end());
  }
  return generation;
}

}  // namespace pith
