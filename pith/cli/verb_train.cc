#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/train/prepare_tokens.h"
#include "pith/train/train.h"
#include "pith/train/train_config.h"

namespace pith {
namespace {

Json figures(const TrainResult& result, const TokensInfo& tokens) {
  Json json = Json::object();
  json.set("parameters", result.parameters);
  json.set("tokens", result.tokens);
  json.set("tokens_per_second", result.tokens_per_second);
  json.set("loss", result.loss);
  json.set("bits_per_byte", result.bits_per_byte);
  json.set("steps", result.steps);
  json.set("seconds", result.seconds);
  json.set("vocab", tokens.vocab);
  json.set("corpus_tokens", tokens.tokens);
  json.set("corpus_bytes", tokens.bytes);
  json.set("heldout_bytes", tokens.heldout_bytes);
  json.set("already_done", result.already_done);
  return json;
}

void print_result(const TrainResult& result, const std::string& out) {
  if (result.already_done) std::printf("Already done for these documents and options.\n");
  std::printf("  parameters        %s\n", format_count(result.parameters).c_str());
  std::printf("  tokens seen       %s in %s steps\n", format_count(result.tokens).c_str(),
              format_count(static_cast<std::uint64_t>(result.steps)).c_str());
  std::printf("  time              %s, %.0f tokens/s\n", format_duration(result.seconds).c_str(),
              result.tokens_per_second);
  std::printf("  loss              %.3f nats a token\n", result.loss);
  std::printf("  held-out          %.4f bits per byte\n\n", result.bits_per_byte);
  std::printf("It writes:\n%s\n\nModel: %s\nNext:  pith chat %s\n", result.sample.c_str(),
              out.c_str(), out.c_str());
}

class TrainVerb : public Verb {
 public:
  std::string name() const override { return "train"; }
  std::string purpose() const override {
    return "Train a model on documents, sized and scheduled for a budget";
  }
  std::string example() const override {
    return "pith train docs/ -o my-model --budget 3m\n"
           "pith train docs/ -o my-model --steps 2000 --config model.toml";
  }
  void declare(Arguments& arguments) override {
    arguments.positional(documents_, "DOCS", "Documents: what pith curate wrote, or JSONL");
    arguments.required();
    arguments.option(options_.out, "-o,--output", "MODEL", "Folder of the model");
    arguments.required();
    arguments.duration(options_.budget_seconds, "--budget", "How long to train, such as 3m");
    arguments.option(options_.steps, "--steps", "N", "Train for so many steps instead");
    arguments.count(options_.tokens_to_train, "--tokens", "Train on so many tokens instead");
    arguments.option(config_, "--config", "FILE",
                     "TOML: sizes and rates that are not to be planned");
    arguments.option(prepare_.tokenizer, "--tokenizer", "FILE",
                     "A tokenizer.json; without it, one is learned from DOCS");
    arguments.option(prepare_.vocab, "--vocab", "N",
                     "Size of the tokenizer to learn; 0: chosen from the amount of text");
    arguments.option(prepare_.text_field, "--text-field", "FIELD", "Field of JSONL with the text");
    arguments.duration(options_.checkpoint_seconds, "--checkpoint-every",
                       "Time between checkpoints");
  }
  Result<Json> run(const VerbContext& verb) override {
    const Context& context = verb.context;
    if ((options_.budget_seconds > 0) + (options_.steps > 0) + (options_.tokens_to_train > 0) !=
        1) {
      return input_error("[train] give one of --budget 3m, --steps 2000 and --tokens 5M");
    }
    if (!config_.empty()) {
      PITH_ASSIGN(options_.config, read_train_config(config_));
    }
    PITH_TRY(check_model_out(options_.out));
    prepare_.documents = documents_;
    prepare_.out = join_path(join_path(options_.out, "training"), "tokens");
    PITH_ASSIGN(const TokensInfo tokens, prepare_tokens(prepare_, context));
    options_.tokens = prepare_.out;
    options_.on_plan = [](const std::string& plan) { std::fprintf(stderr, "%s\n", plan.c_str()); };
    PITH_ASSIGN(const TrainResult result, train(options_, context));
    if (!verb.json) print_result(result, options_.out);
    return figures(result, tokens);
  }

 private:
  std::string documents_, config_;
  PrepareOptions prepare_;
  TrainOptions options_;
};

}  // namespace

std::unique_ptr<Verb> make_train_verb() { return std::make_unique<TrainVerb>(); }

}  // namespace pith
