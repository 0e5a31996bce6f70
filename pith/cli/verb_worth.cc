#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/curation.h"
#include "pith/cli/verb.h"
#include "pith/curate/pipeline/curate_config.h"
#include "pith/worth/worth.h"
#include "pith/worth/worth_table.h"

namespace pith {
namespace {

class WorthVerb : public Verb {
 public:
  std::string name() const override { return "worth"; }
  std::string purpose() const override {
    return "Measure what each stage of curation is worth, by models trained with and without it";
  }
  std::string example() const override {
    return "pith worth pages/ --target heldout.jsonl --like examples/ -o worth\n"
           "pith worth pages/ --target heldout.jsonl --stages c4_lines,near_duplicates -o worth";
  }
  void declare(Arguments& arguments) override {
    curation_.declare(arguments);
    arguments.option(options_.target, "--target", "DOCS",
                     "Documents of the kind wanted, which are not in the input: they judge");
    arguments.required();
    arguments.option(out_, "-o,--output", "OUT", "Folder of the result: worth.md, worth.json");
    arguments.required();
    arguments.option(stages_, "--stages", "NAMES",
                     "Stages to leave out, one at a time, such as c4_lines,near_duplicates");
    arguments.otherwise("each that is switched on");
    arguments.count(options_.tokens, "--tokens", "Train each model on this many tokens");
    arguments.option(options_.seeds, "--seeds", "N",
                     "Trainings of each model, for the intervals; 3 or more say something");
    arguments.size(options_.target_bytes, "--target-bytes",
                   "Text of the target to judge by, chosen by hash");
    arguments.option(config_, "--config", "FILE",
                     "TOML with thresholds of curation, sizes and rates of training");
    arguments.otherwise("the thresholds as published, the smallest model");
  }
  Result<Json> run(const VerbContext& verb) override {
    PITH_ASSIGN(options_.curate, curation_.options(config_));
    if (!config_.empty()) {
      PITH_ASSIGN(options_.config, read_train_config(config_, curate_config_tables()));
    }
    options_.stages = split_at_commas(stages_);
    options_.out = out_;
    PITH_ASSIGN(const WorthResult result, measure_worth(options_, verb.context));
    if (!verb.json) {
      std::printf("%s\nTable: %s, in %s\n", worth_text(result).c_str(),
                  join_path(out_, "worth.md").c_str(), format_duration(result.seconds).c_str());
    }
    Json json = to_json(result);
    json.set("seconds", result.seconds);
    return json;
  }

 private:
  CurationArguments curation_;
  WorthOptions options_;
  std::string out_, stages_, config_;
};

}  // namespace

std::unique_ptr<Verb> make_worth_verb() { return std::make_unique<WorthVerb>(); }

}  // namespace pith
