#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "pith/base/units.h"
#include "pith/cli/line_reader.h"
#include "pith/cli/sampling_options.h"
#include "pith/cli/terminal_text.h"
#include "pith/cli/verb.h"
#include "pith/formats/model_folder.h"
#include "pith/infer/conversation.h"
#include "pith/infer/serving_memory.h"

namespace pith {
namespace {

// Ctrl-C and SIGTERM while an answer comes stop the answer; after SIGTERM the program ends.
std::atomic<bool> answer_stopped{false};
volatile std::sig_atomic_t terminated = 0;
void on_interrupt(int) { answer_stopped = true; }
void on_terminate(int) {
  answer_stopped = true;
  terminated = 1;
}

// Handles a signal while it lives. Reads that wait are interrupted.
class SignalHandler {
 public:
  SignalHandler(int signal, void (*handler)(int)) : signal_(signal) {
    struct sigaction action = {};
    action.sa_handler = handler;
    ::sigaction(signal_, &action, &before_);
  }
  ~SignalHandler() { ::sigaction(signal_, &before_, nullptr); }
  SignalHandler(const SignalHandler&) = delete;
  SignalHandler& operator=(const SignalHandler&) = delete;

 private:
  const int signal_;
  struct sigaction before_ = {};
};

constexpr std::string_view kHelp =
    "Enter    alone goes on with the last answer, where the model continues documents\n"
    "Ctrl-C   stops an answer; twice at the prompt leaves\n"
    "Ctrl-R   searches what was typed before; arrow up and down go through it\n"
    "/reset   forgets the conversation\n"
    "/help    shows this\n"
    "/quit    leaves, as Ctrl-D does\n";

// A line that is one word with a slash in front, as commands are.
bool like_command(std::string_view line) {
  return line.starts_with('/') && line.find_first_of(" \t") == std::string_view::npos &&
         line.find('/', 1) == std::string_view::npos;
}

class ChatVerb : public Verb {
 public:
  std::string name() const override { return "chat"; }
  std::string purpose() const override { return "Talk with a model in the terminal"; }
  std::string example() const override {
    return "pith chat my-model\necho \"Once upon a time\" | pith chat my-model";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(folder_, "MODEL",
                         "Model folder (Hugging Face layout), or what pith run wrote");
    arguments.required();
    arguments.option(tokens_, "--tokens", "N", "Write at most this many tokens an answer");
    sampling_.declare(arguments);
    arguments.option(system_, "--system", "TEXT",
                     "System message, for models that answer in turns");
    arguments.option(
        style_, "--style", "STYLE",
        "How to talk: completion (continues what you write), template (answers in turns), auto (as "
        "the model says)");
  }

  Result<Json> run(const VerbContext& context) override {
    if (tokens_ < 1 || tokens_ > 1'000'000) {
      return input_error("[chat] --tokens must be from 1 to 1000000, not " +
                         std::to_string(tokens_));
    }
    const std::string folder = find_model_folder(folder_);
    PITH_ASSIGN(const SessionOptions within, session_within_memory(folder, context.context));
    PITH_ASSIGN(const ServedModel served, ServedModel::load(folder));
    PITH_ASSIGN(const ChatStyle style, choose_style(served));
    GenerateOptions options;
    options.max_tokens = static_cast<int>(tokens_);
    options.sampler = served.sampler;
    PITH_TRY(sampling_.apply(options.sampler));
    options.sampler.seed = context.context.seed;

    Session session(served.model, within);
    Conversation conversation(served, session, style, options, system_);
    LineReader reader("> ");
    Talk talk{conversation, reader, context};
    if (reader.terminal()) talk.write(banner(served, session, style));
    const SignalHandler interrupt(SIGINT, on_interrupt);
    const SignalHandler terminate(SIGTERM, SIG_DFL);  // at the prompt; there is nothing to save
    PITH_TRY(talk.go());
    Json json = Json::object();
    json.set("turns", conversation.turns());
    json.set("tokens", talk.tokens);
    return json;
  }

 private:
  // Reads and answers until the user leaves.
  struct Talk {
    Conversation& conversation;
    LineReader& reader;
    const VerbContext& context;
    std::int64_t tokens = 0;   // made so far
    bool interrupted = false;  // by the last Ctrl-C, with nothing said since
    bool forgot = false;       // the user was told that the context is full

    void write(std::string_view text) const {
      const std::string shown = reader.terminal() ? terminal_text(text) : std::string(text);
      std::fwrite(shown.data(), 1, shown.size(), stdout);
      std::fflush(stdout);
    }

    Status go() {
      std::string line;
      while (terminated == 0) {
        const LineReader::Outcome outcome = reader.read(line);
        if (outcome == LineReader::Outcome::kEnd) break;
        if (outcome == LineReader::Outcome::kInterrupted) {
          if (interrupted || !reader.terminal()) return {};
          interrupted = true;
          write("Ctrl-C again, Ctrl-D or /quit leaves.\n");
          continue;
        }
        interrupted = false;
        if (line == "/quit" || line == "/exit") return {};
        if (line == "/reset") {
          conversation.reset();
          if (reader.terminal()) write("The conversation is forgotten.\n");
        } else if (line == "/help") {
          write(kHelp);
        } else if (reader.terminal() && like_command(line)) {
          write("There is no command " + line + "; /help lists them.\n");
        } else {
          PITH_TRY(answer(line));
        }
      }
      if (reader.terminal()) write("\n");  // behind the prompt
      return {};
    }

    Status answer(const std::string& line) {
      const bool blank = line.find_first_not_of(" \t") == std::string::npos;
      if (blank && (!reader.terminal() || !conversation.can_go_on())) return {};
      const SignalHandler terminate(SIGTERM, on_terminate);
      reader.echo(false);
      answer_stopped = false;
      const TextSink show = [this](std::string_view text) { write(text); };
      const auto generation = blank ? conversation.go_on(show, &answer_stopped)
                                    : conversation.answer(line, show, &answer_stopped);
      interrupted = answer_stopped.exchange(false);
      reader.echo(true);
      if (!generation) {
        if (!reader.terminal() || generation.error().kind != ErrorKind::kCapacity) {
          return generation.error();
        }
        context.context.warn(generation.error().message);
        return {};
      }
      write(generation->text.ends_with('\n') ? "" : "\n");
      if (generation->reason == StopReason::kContextFull && reader.terminal()) {
        context.context.warn("the answer ends where the model's context is full");
      }
      if (conversation.forgot() && reader.terminal() && !std::exchange(forgot, true)) {
        context.context.warn("the context is full; the oldest of the conversation is forgotten");
      }
      tokens += static_cast<std::int64_t>(generation->ids.size());
      return {};
    }
  };

  Result<ChatStyle> choose_style(const ServedModel& served) const {
    if (style_ == "auto") return served.chat_style;
    if (style_ == "completion") return ChatStyle::kCompletion;
    if (style_ == "template") return ChatStyle::kTemplate;
    return input_error("[chat] --style must be auto, completion or template, not " + style_);
  }

  // What a person sees first: whom they talk with, and what to type.
  std::string banner(const ServedModel& served, const Session& session, ChatStyle style) const {
    const std::string what =
        style == ChatStyle::kCompletion
            ? "It has learned from documents and goes on with what you write: type the beginning\n"
              "of a text and press Enter; Enter alone goes on."
            : "Type a question or a message and press Enter.";
    return folder_ + ": " + format_count(served.model.parameters()) + " parameters, a context of " +
           format_count(static_cast<std::uint64_t>(session.max_tokens())) + " tokens.\n" + what +
           "\nCtrl-C stops an answer, Ctrl-D leaves, /help shows more.\n\n";
  }

  std::string folder_, system_, style_ = "auto";
  std::int64_t tokens_ = 256;
  SamplingOptions sampling_;
};

}  // namespace

std::unique_ptr<Verb> make_chat_verb() { return std::make_unique<ChatVerb>(); }

}  // namespace pith
