#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/files.h"
#include "pith/cli/training.h"
#include "pith/cli/verb.h"

namespace pith {
namespace {

constexpr double kEndSeconds = 0.1;  // of the program, after training

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
    arguments.positional(documents_, "DOCS",
                         "Documents: what pith curate wrote, JSONL (plain, .gz, .zst) or Parquet");
    arguments.required();
    arguments.option(out_, "-o,--output", "MODEL", "Folder of the model");
    arguments.required();
    training_.declare(arguments);
    arguments.option(text_field_, "--text-field", "FIELD",
                     "Field of JSONL or column of Parquet that holds the text");
  }
  Result<Json> run(const VerbContext& verb) override {
    const double begin = steady_seconds();
    PITH_ASSIGN(TrainOptions options, training_.train(verb.say));
    PITH_TRY(check_model_out(out_));
    PrepareOptions prepare = training_.prepare();
    prepare.documents = documents_;
    prepare.text_field = text_field_;
    prepare.out = join_path(join_path(out_, "training"), "tokens");
    PITH_ASSIGN(const TokensInfo tokens, prepare_tokens(prepare, verb.context));
    options.budget_spent = options.budget_spent_here = steady_seconds() - begin;
    options.seconds_after = kEndSeconds;
    options.tokens = prepare.out;
    options.out = out_;
    PITH_ASSIGN(const TrainResult result, train(options, verb.context));
    if (!verb.json) {
      if (result.already_done) std::printf("Already done for these documents and options.\n");
      print_training(result);
      std::printf("\nModel: %s\nNext:  pith chat %s\n", out_.c_str(), out_.c_str());
    }
    Json json = training_figures(result, tokens);
    json.set("already_done", result.already_done);
    return json;
  }

 private:
  std::string documents_, out_, text_field_ = "text";
  TrainingArguments training_;
};

}  // namespace

std::unique_ptr<Verb> make_train_verb() { return std::make_unique<TrainVerb>(); }

}  // namespace pith
