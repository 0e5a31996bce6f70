#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "pith/infer/generate.h"
#include "pith/infer/served_model.h"
#include "pith/text/chat_template.h"

// A conversation with a model, its history kept.
//
// ChatStyle::kTemplate: turns between special tokens, as text/chat_template.h writes them.
// ChatStyle::kCompletion: one growing text. What the user writes is a piece of it, which the model
// goes on from; pieces of different turns stand an empty line apart. The special tokens of turns
// are banned, since such a model has never learned what they mean.
//
// When the history and room for an answer outgrow the context, the oldest of it is forgotten: whole
// turns (a system message stays), or the beginning of the text.
namespace pith {

class Conversation {
 public:
  // `served` and `session`, made over its model, outlive the conversation. Stop and banned ids are
  // added to those in `options`; every turn draws from the seed and its number.
  Conversation(const ServedModel& served, Session& session, ChatStyle style,
               GenerateOptions options, std::string system = "");

  // What the model says to `text`. An answer that was cancelled stays in the history as far as it
  // came. Errors: kCapacity when `text` alone is too long; the history is then as before.
  Result<Generation> answer(std::string_view text, const TextSink& on_text = {},
                            const std::atomic<bool>* cancel = nullptr);
  // The last answer, continued: only in ChatStyle::kCompletion, and once something was said.
  bool can_go_on() const { return !text_ids_.empty(); }
  Result<Generation> go_on(const TextSink& on_text = {}, const std::atomic<bool>* cancel = nullptr);
  void reset();  // forgets everything but the system message

  // The last turn had to forget some of what was said before it.
  bool forgot() const { return forgot_; }
  int turns() const { return turns_; }
  const std::vector<ChatMessage>& messages() const { return messages_; }

 private:
  Result<std::vector<int>> template_prompt();
  Result<std::vector<int>> completion_prompt(std::string_view text);
  std::size_t room_for_prompt() const;
  Result<Generation> take_turn(std::vector<int> prompt, const TextSink& on_text,
                               const std::atomic<bool>* cancel);

  const ServedModel& served_;
  Session& session_;
  const ChatStyle style_;
  GenerateOptions options_;
  std::vector<ChatMessage> messages_;  // kTemplate
  std::vector<int> text_ids_;          // kCompletion: everything so far
  int turns_ = 0;
  bool forgot_ = false;
};

}  // namespace pith
