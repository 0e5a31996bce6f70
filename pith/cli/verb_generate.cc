#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/cli/verb.h"
#include "pith/infer/generate.h"
#include "pith/infer/served_model.h"

namespace pith {
namespace {

// `text` as a number into `out`; an empty text leaves it.
Status read_number(const char* option, const std::string& text, double& out) {
  if (text.empty()) return {};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc() && stopped == end) return {};
  return input_error(std::string("[generate] ") + option + " is not a number: " + text);
}

class GenerateVerb : public Verb {
 public:
  std::string name() const override { return "generate"; }
  std::string purpose() const override { return "Continues a text with a model"; }
  std::string example() const override {
    return "pith generate my-model/model --prompt \"Once upon a time\" --tokens 100 --seed 7";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(folder_, "MODEL", "Model folder (Hugging Face layout)");
    arguments.required();
    arguments.option(prompt_, "--prompt", "TEXT", "Text to continue; empty: start a new one");
    arguments.option(tokens_, "--tokens", "N", "New tokens at most");
    arguments.option(temperature_, "--temperature", "X",
                     "0 takes the most likely token; default 0.8 or the model's");
    arguments.option(top_p_, "--top-p", "P",
                     "Choose among the likeliest tokens that reach P; default 0.95 or the model's");
    arguments.option(top_k_, "--top-k", "K",
                     "Choose among the K likeliest tokens; 0: all; default the model's");
    arguments.option(min_p_, "--min-p", "P", "Drop what is less likely than P times the likeliest");
    arguments.option(repetition_penalty_, "--repetition-penalty", "X",
                     "Above 1: tokens seen before become less likely");
    arguments.option(stop_, "--stop", "TEXT", "End before this text; may be repeated");
  }

  Result<Json> run(const VerbContext& context) override {
    if (tokens_ < 1 || tokens_ > 1'000'000) {
      return input_error("[generate] --tokens must be from 1 to 1000000, not " +
                         std::to_string(tokens_));
    }
    PITH_ASSIGN(const ServedModel served, ServedModel::load(folder_));
    GenerateOptions options;
    options.max_tokens = static_cast<int>(tokens_);
    options.sampler = served.sampler;
    PITH_TRY(read_number("--temperature", temperature_, options.sampler.temperature));
    PITH_TRY(read_number("--top-p", top_p_, options.sampler.top_p));
    double top_k = options.sampler.top_k;
    PITH_TRY(read_number("--top-k", top_k_, top_k));
    if (!(top_k >= 0 && top_k <= 1e9)) {
      return input_error("[generate] --top-k must be 0 (all) or a number of tokens, not " + top_k_);
    }
    options.sampler.top_k = static_cast<int>(top_k);
    options.sampler.min_p = min_p_;
    options.sampler.repetition_penalty = repetition_penalty_;
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
    Session session(served.model, {.threads = context.context.threads});
    if (!context.json) write(prompt_);
    PITH_ASSIGN(const Generation generation, generate(
                                                 session, served.tokenizer, prompt, options,
                                                 [&](std::string_view text) {
                                                   if (!context.json) write(text);
                                                 },
                                                 context.context.stop));
    if (!context.json) write("\n");
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
  static void write(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  std::string folder_, prompt_, temperature_, top_p_, top_k_;
  std::int64_t tokens_ = 256;
  double min_p_ = 0, repetition_penalty_ = 1;
  std::vector<std::string> stop_;
};

}  // namespace

std::unique_ptr<Verb> make_generate_verb() { return std::make_unique<GenerateVerb>(); }

}  // namespace pith
