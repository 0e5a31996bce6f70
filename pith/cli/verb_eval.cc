#include <cstdio>
#include <memory>
#include <string>

#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/formats/model_folder.h"
#include "pith/train/evaluate.h"

namespace pith {
namespace {

class EvalVerb : public Verb {
 public:
  std::string name() const override { return "eval"; }
  std::string purpose() const override {
    return "Measure how well a model predicts documents, in bits per byte";
  }
  std::string example() const override { return "pith eval my-model docs/"; }
  void declare(Arguments& arguments) override {
    arguments.positional(model_, "MODEL",
                         "Model folder (Hugging Face layout), or what pith run wrote");
    arguments.required();
    arguments.positional(documents_, "DOCS",
                         "Documents: what pith curate wrote, JSONL (plain, .gz, .zst) or Parquet");
    arguments.required();
    arguments.option(text_field_, "--text-field", "FIELD",
                     "Field of JSONL or column of Parquet that holds the text");
  }
  Uses uses() const override { return {.seed = false}; }
  Result<Json> run(const VerbContext& verb) override {
    PITH_ASSIGN(const EvalResult result,
                evaluate(find_model_folder(model_), documents_, verb.context, text_field_));
    if (!verb.json) {
      std::printf("%.4f bits per byte, %.4f nats a token over %s bytes in %s documents, %s\n",
                  result.bits_per_byte, result.loss, format_count(result.bytes).c_str(),
                  format_count(result.documents).c_str(), format_duration(result.seconds).c_str());
    }
    Json json = Json::object();
    json.set("bits_per_byte", result.bits_per_byte);
    json.set("bytes", result.bytes);
    json.set("tokens", result.tokens);
    json.set("documents", result.documents);
    json.set("loss", result.loss);
    json.set("seconds", result.seconds);
    return json;
  }

 private:
  std::string model_, documents_, text_field_ = "text";
};

}  // namespace

std::unique_ptr<Verb> make_eval_verb() { return std::make_unique<EvalVerb>(); }

}  // namespace pith
