#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/curation.h"
#include "pith/cli/reading.h"
#include "pith/cli/training.h"
#include "pith/cli/verb.h"
#include "pith/report/report.h"
#include "pith/train/train.h"

namespace pith {
namespace {

constexpr double kReportSeconds = 0.3;  // what follows training

// Of OUT. run.json holds the result and appears last.
struct Places {
  explicit Places(const std::string& folder)
      : out(folder),
        tokens(join_path(folder, "tokens")),
        model(join_path(folder, "model")),
        report(join_path(folder, "report.html")),
        summary(join_path(folder, "run.json")) {}
  std::string out, tokens, model, report, summary;
};

// Of an earlier run.json; 0 when there is none.
Result<double> seconds_of(const std::string& summary) {
  if (!file_exists(summary)) return 0.0;
  PITH_ASSIGN(const std::string text, read_file(summary, 1 << 26));
  PITH_ASSIGN(const Json json, parse_json(text, summary));
  return json["seconds"].as_double();
}

Result<std::vector<Json>> read_log(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path));
  std::vector<Json> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) {
      PITH_ASSIGN(Json line, parse_json(std::string_view(text).substr(begin, end - begin), path));
      lines.push_back(std::move(line));
    }
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> next_commands(const Places& places) {
  return {"pith chat " + places.model,
          "pith generate " + places.model + " --prompt \"The\" --tokens 100",
          "pith eval " + places.model + " " + join_path(places.out, "documents"),
          "tensorboard --logdir " + join_path(places.model, "training")};
}

Status write_report(const Places& places, const std::string& title, const CurateResult& curated,
                    const Json& result) {
  ReportInput input;
  input.title = title;
  input.curate = curated.summary;
  const std::string tokens = join_path(places.tokens, "tokens.json");
  PITH_ASSIGN(const std::string text, read_file(tokens));
  PITH_ASSIGN(input.tokens, parse_json(text, tokens));
  PITH_ASSIGN(input.training_log,
              read_log(join_path(join_path(places.model, "training"), "log.jsonl")));
  input.result = result;
  input.next_commands = next_commands(places);
  return write_file(places.report, render_report(input));
}

class RunVerb : public Verb {
 public:
  std::string name() const override { return "run"; }
  std::string purpose() const override {
    return "Go the whole way: raw pages to documents, tokens, a trained model and a report";
  }
  std::string example() const override {
    return "pith run pages/ --like examples/ --budget 3m -o my-run\n"
           "pith chat my-run/model";
  }
  void declare(Arguments& arguments) override {
    curation_.declare(arguments);
    arguments.option(out_, "-o,--output", "OUT",
                     "Folder of the result: model, documents, dropped, tokens, report.html");
    arguments.required();
    training_.declare(arguments);
  }

  Result<Json> run(const VerbContext& verb) override {
    const double begin = steady_seconds();
    const Context& context = verb.context;
    const Places places(out_);
    PITH_ASSIGN(TrainOptions train_options, training_.train(verb.say));
    PITH_ASSIGN(CurateOptions curate_options, curation_.options(training_.config()));
    curate_options.out = out_;
    std::vector<std::string> needed = curate_options.inputs;
    needed.insert(needed.end(), curate_options.like.begin(), curate_options.like.end());
    PITH_ASSIGN(Reading reading, settle_reading(out_, needed, train_options, context));
    if (curate_options.keep_bytes > 0 || curate_options.like.empty()) {
      reading.keep_bytes = curate_options.keep_bytes;
    }
    if (curate_options.read_bytes > 0) reading.read_bytes = curate_options.read_bytes;
    curate_options.keep_bytes = reading.keep_bytes;
    curate_options.read_bytes = reading.read_bytes;
    const bool budget = train_options.steps == 0 && train_options.tokens_to_train == 0;
    if (budget && std::ranges::all_of(needed, file_exists)) {
      verb.say(describe(reading, curate_options.inputs));
    }
    PITH_ASSIGN(const CurateResult curated, curate(curate_options, context));
    const double curated_at = steady_seconds();
    // In earlier sittings too.
    train_options.budget_spent = curated.already_done
                                     ? curated.seconds + curated_at - begin
                                     : std::max(curated.seconds, curated_at - begin);
    if (!verb.json) {
      print_curation(curated, false);
      std::printf("\n");
      verb.show();
    }

    PrepareOptions prepare = training_.prepare();
    prepare.documents = join_path(out_, "documents");
    prepare.out = places.tokens;
    PITH_ASSIGN(const TokensInfo tokens, prepare_tokens(prepare, context));
    train_options.tokens = places.tokens;
    train_options.out = places.model;
    const auto seconds_here = [&] { return steady_seconds() - begin; };
    train_options.budget_spent += steady_seconds() - curated_at;
    train_options.budget_spent_here = seconds_here();
    train_options.seconds_after = kReportSeconds;
    PITH_ASSIGN(const TrainResult trained, train(train_options, context));

    PITH_ASSIGN(const double seconds_before, seconds_of(places.summary));
    const bool already_done =
        curated.already_done && tokens.already_done && trained.already_done && seconds_before > 0;
    const double seconds =
        already_done ? seconds_before : std::max(seconds_here(), curated.seconds + trained.seconds);
    Json result = curation_figures(curated);
    const Json training = training_figures(trained, tokens);
    for (const auto& [name, value] : training.members()) result.set(name, value);
    result.set("read_bytes", curate_options.read_bytes);
    result.set("keep_bytes", curate_options.keep_bytes);
    result.set("seconds", seconds);
    PITH_TRY(write_report(places, "pith run " + curate_options.inputs.front(), curated, result));
    if (!already_done) PITH_TRY(write_file(places.summary, result.dump(true) + "\n"));
    if (!verb.json) print_result(trained, places, seconds, already_done);
    result.set("already_done", already_done);
    return result;
  }

 private:
  static void print_result(const TrainResult& trained, const Places& places, double seconds,
                           bool already_done) {
    if (already_done) std::printf("Already done for this input and these options.\n");
    print_training(trained);
    std::printf("\nIn all %s.\nModel:  %s\nReport: %s\nNext:\n", format_duration(seconds).c_str(),
                places.model.c_str(), places.report.c_str());
    for (const std::string& command : next_commands(places)) {
      std::printf("  %s\n", command.c_str());
    }
  }

  CurationArguments curation_;
  TrainingArguments training_;
  std::string out_;
};

}  // namespace

std::unique_ptr<Verb> make_run_verb() { return std::make_unique<RunVerb>(); }

}  // namespace pith
