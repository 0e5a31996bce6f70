#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/curation.h"
#include "pith/cli/verb.h"
#include "pith/report/report.h"

namespace pith {
namespace {

void print_result(const CurateResult& result, const std::string& out) {
  if (result.already_done) std::printf("Already done for this input and these options.\n");
  print_curation(result, true);
  const double rate = static_cast<double>(result.bytes_in) / 1e6 / std::max(1e-3, result.seconds);
  std::printf("  %s, %.1f MB/s of raw input\n\n", format_duration(result.seconds).c_str(), rate);
  std::printf("Documents: %s\nDropped:   %s\nReport:    %s\n", join_path(out, "documents").c_str(),
              join_path(out, "dropped").c_str(), join_path(out, "report.html").c_str());
}

class CurateVerb : public Verb {
 public:
  std::string name() const override { return "curate"; }
  std::string purpose() const override {
    return "Turn raw pages into documents; what is dropped is kept beside them with its reason";
  }
  std::string example() const override {
    return "pith curate pages/ crawl.warc.gz -o docs --like examples/ --keep-bytes 100M\n"
           "pith curate --print-config > curate.toml";
  }
  void declare(Arguments& arguments) override {
    curation_.declare(arguments);
    arguments.option(out_, "-o,--output", "DIR", "Folder of the result");
    arguments.required();
    arguments.option(config_, "--config", "FILE",
                     "TOML with the thresholds to change; --print-config shows them all");
    arguments.otherwise("the thresholds as published");
    arguments.flag(print_config_, "--print-config",
                   "Print every threshold as such a file, and do nothing else");
    arguments.alone();
  }
  Result<Json> run(const VerbContext& context) override {
    PITH_ASSIGN(CurateOptions options, curation_.options(config_));
    if (print_config_) {
      std::fputs(print_curate_config(*options.config).c_str(), stdout);
      return to_json(*options.config);
    }
    options.out = out_;
    PITH_ASSIGN(const CurateResult result, curate(options, context.context));
    ReportInput report;
    report.title = "Curation of " + options.inputs.front();
    report.curate = result.summary;
    report.next_commands = {"pith train " + out_ + " --budget 3m -o my-model"};
    PITH_TRY(write_file(join_path(out_, "report.html"), render_report(report)));
    if (!context.json) print_result(result, out_);
    Json json = curation_figures(result);
    json.set("seconds", result.seconds);
    json.set("already_done", result.already_done);
    return json;
  }

 private:
  CurationArguments curation_;
  std::string out_, config_;
  bool print_config_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_curate_verb() { return std::make_unique<CurateVerb>(); }

}  // namespace pith
