#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/cli/sampling_options.h"
#include "pith/cli/terminal_text.h"
#include "pith/cli/verb.h"
#include "pith/formats/model_folder.h"
#include "pith/infer/generate.h"
#include "pith/infer/served_model.h"
#include "pith/infer/serving_memory.h"

namespace pith {
namespace {

class GenerateVerb : public Verb {
 public:
  std::string name() const override { return "generate"; }
  std::string purpose() const override { return "Continue a text with a model"; }
  std::string example() const override {
    return "pith generate my-model --prompt \"Once upon a time\" --tokens 100 --seed 7";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(folder_, "MODEL",
                         "Model folder (Hugging Face layout), or what pith run wrote");
    arguments.required();
    arguments.option(prompt_, "--prompt", "TEXT", "Text to continue");
    arguments.otherwise("none, a new text begins");
    arguments.option(tokens_, "--tokens", "N", "Write at most this many tokens");
    sampling_.declare(arguments);
    arguments.option(stop_, "--stop", "TEXT", "End before this text; may be given several times");
  }

  Result<Json> run(const VerbContext& context) override {
    if (tokens_ < 1 || tokens_ > 1'000'000) {
      return input_error("[generate] --tokens must be from 1 to 1000000, not " +
                         std::to_string(tokens_));
    }
    const std::string folder = find_model_folder(folder_);
    PITH_ASSIGN(const SessionOptions within, session_within_memory(folder, context.context));
    PITH_ASSIGN(const ServedModel served, ServedModel::load(folder));
    GenerateOptions options;
    options.max_tokens = static_cast<int>(tokens_);
    options.sampler = served.sampler;
    PITH_TRY(sampling_.apply(options.sampler));
    options.sampler.seed = context.context.seed;
    options.stop_ids = served.stop_ids;
    options.banned_ids = served.special_ids;
    options.stop_strings = stop_;

    const std::vector<int> prompt = served.encode_prompt(prompt_);
    if (prompt.empty()) {
      return input_error(
          "[generate] --prompt is empty and the model has no token that begins a "
          "text; give a --prompt");
    }
    Session session(served.model, within);
    bool prompt_shown = context.json;  // the prompt too is shown only when it fits
    const auto show = [&](std::string_view text) {
      if (context.json) return;
      if (!std::exchange(prompt_shown, true)) write(prompt_, context.terminal);
      write(text, context.terminal);
    };
    PITH_ASSIGN(const Generation generation,
                generate(session, served.tokenizer, prompt, options, show, context.context.stop));
    show("\n");
    if (generation.reason == StopReason::kCancelled) {
      return Error{ErrorKind::kInterrupted, "[generate] stopped"};
    }
    if (generation.reason == StopReason::kContextFull) {
      context.context.warn("stopped: the model's context of " +
                           std::to_string(session.max_tokens()) + " tokens is full");
    }
    Json json = Json::object();
    json.set("text", generation.text);
    json.set("tokens", static_cast<std::int64_t>(generation.ids.size()));
    json.set("tokens_per_second", static_cast<double>(generation.ids.size()) /
                                      std::max(1e-9, generation.decode_seconds));
    json.set("prompt_tokens", generation.prompt_tokens);
    json.set("prompt_tokens_per_second",
             generation.prompt_tokens / std::max(1e-9, generation.prefill_seconds));
    json.set("stop_reason", stop_reason_name(generation.reason));
    Json ids = Json::array();
    for (const int id : generation.ids) ids.push_back(id);
    json.set("ids", std::move(ids));
    return json;
  }

 private:
  static void write(std::string_view text, bool terminal) {
    const std::string shown = terminal ? terminal_text(text) : std::string(text);
    std::fwrite(shown.data(), 1, shown.size(), stdout);
    std::fflush(stdout);
  }

  std::string folder_, prompt_;
  std::int64_t tokens_ = 256;
  SamplingOptions sampling_;
  std::vector<std::string> stop_;
};

}  // namespace

std::unique_ptr<Verb> make_generate_verb() { return std::make_unique<GenerateVerb>(); }

}  // namespace pith
