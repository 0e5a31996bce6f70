#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "pith/cli/line_reader.h"
#include "pith/cli/verb.h"
#include "pith/infer/conversation.h"

namespace pith {
namespace {

constexpr int kExitInterrupted = 130;

// Ctrl-C while an answer comes stops the answer; another before it has stopped ends the program.
std::atomic<bool> answer_stopped{false};
void on_interrupt(int) {
  if (answer_stopped.exchange(true)) ::_exit(kExitInterrupted);
}

// While it lives, Ctrl-C does the above, and interrupts a read that waits.
class InterruptHandler {
 public:
  InterruptHandler() {
    struct sigaction action = {};
    action.sa_handler = on_interrupt;
    ::sigaction(SIGINT, &action, &before_);
  }
  ~InterruptHandler() { ::sigaction(SIGINT, &before_, nullptr); }
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;

 private:
  struct sigaction before_ = {};
};

constexpr std::string_view kHelp =
    "/reset  forget the conversation\n"
    "/help   show this\n"
    "/quit   leave, as do Ctrl-D and a second Ctrl-C; the first stops an answer\n";

void write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

class ChatVerb : public Verb {
 public:
  std::string name() const override { return "chat"; }
  std::string purpose() const override { return "Talks with a model in the terminal"; }
  std::string example() const override {
    return "pith chat my-model/model\necho \"Once upon a time\" | pith chat my-model/model";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(folder_, "MODEL", "Model folder (Hugging Face layout)");
    arguments.required();
    arguments.option(tokens_, "--tokens", "N", "Tokens of an answer at most");
    arguments.option(temperature_, "--temperature", "X",
                     "0 takes the most likely token; below 0: the model's own default");
    arguments.option(system_, "--system", "TEXT", "System message, for models that know turns");
    arguments.option(
        style_, "--style", "STYLE",
        "completion (continue what you write), template (turns), or auto: the model's");
  }

  Result<Json> run(const VerbContext& context) override {
    if (tokens_ < 1 || tokens_ > 1'000'000) {
      return input_error("[chat] --tokens must be from 1 to 1000000, not " +
                         std::to_string(tokens_));
    }
    PITH_ASSIGN(const ServedModel served, ServedModel::load(folder_));
    PITH_ASSIGN(const ChatStyle style, choose_style(served));
    GenerateOptions options;
    options.max_tokens = static_cast<int>(tokens_);
    options.sampler = served.sampler;
    if (temperature_ >= 0) options.sampler.temperature = temperature_;
    options.sampler.seed = context.context.seed;

    Session session(served.model, {.threads = context.context.threads});
    Conversation conversation(served, session, style, options, system_);
    LineReader reader("> ");
    if (reader.terminal()) {
      write(style == ChatStyle::kCompletion
                ? "This model knows documents, not turns: it continues what you write.\n"
                : "");
      write("/help shows the commands.\n");
    }
    const InterruptHandler handler;
    PITH_ASSIGN(const std::size_t tokens, talk(conversation, reader, context));
    Json json = Json::object();
    json.set("turns", conversation.turns());
    json.set("tokens", static_cast<std::int64_t>(tokens));
    return json;
  }

 private:
  Result<ChatStyle> choose_style(const ServedModel& served) const {
    if (style_ == "auto") return served.chat_style;
    if (style_ == "completion") return ChatStyle::kCompletion;
    if (style_ == "template") return ChatStyle::kTemplate;
    return input_error("[chat] --style must be auto, completion or template, not " + style_);
  }

  // Until the user leaves; how many tokens were made.
  static Result<std::size_t> talk(Conversation& conversation, LineReader& reader,
                                  const VerbContext& context) {
    std::size_t tokens = 0;
    bool interrupted = false;  // by the last Ctrl-C, with nothing said since
    std::string line;
    while (!context.context.stopped()) {
      const LineReader::Outcome outcome = reader.read(line);
      if (outcome == LineReader::Outcome::kEnd) break;
      if (outcome == LineReader::Outcome::kInterrupted) {
        if (interrupted || !reader.terminal()) break;
        interrupted = true;
        write("Ctrl-C again, Ctrl-D or /quit leaves.\n");
        continue;
      }
      interrupted = false;
      if (line.find_first_not_of(" \t") == std::string::npos) continue;
      if (line == "/quit" || line == "/exit") break;
      if (line == "/reset") {
        conversation.reset();
        if (reader.terminal()) write("The conversation is forgotten.\n");
      } else if (line == "/help") {
        write(kHelp);
      } else {
        answer_stopped = false;
        const auto generation = conversation.answer(line, write, &answer_stopped);
        write("\n");
        interrupted = answer_stopped.exchange(false);
        if (generation) {
          tokens += generation->ids.size();
        } else if (reader.terminal() && generation.error().kind == ErrorKind::kCapacity) {
          context.context.warn(generation.error().message);
        } else {
          return generation.error();
        }
      }
    }
    if (reader.terminal()) write("\n");
    return tokens;
  }

  std::string folder_, system_, style_ = "auto";
  std::int64_t tokens_ = 256;
  double temperature_ = -1;
};

}  // namespace

std::unique_ptr<Verb> make_chat_verb() { return std::make_unique<ChatVerb>(); }

}  // namespace pith
