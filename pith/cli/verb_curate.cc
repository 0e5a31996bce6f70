#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/units.h"
#include "pith/cli/verb.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/report/report.h"

namespace pith {
namespace {

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

Json figures(const CurateResult& result) {
  Json json = Json::object();
  json.set("documents_in", result.documents_in);
  json.set("bytes_in", result.bytes_in);
  json.set("documents_kept", result.documents_kept);
  json.set("bytes_kept", result.bytes_kept);
  json.set("documents_dropped", result.documents_dropped);
  json.set("bytes_dropped", result.bytes_dropped);
  Json dropped = Json::object();
  for (const DroppedCount& count : result.dropped) {
    Json entry = Json::object();
    entry.set("documents", count.documents);
    entry.set("bytes", count.bytes);
    dropped.set(count.reason, std::move(entry));
  }
  json.set("dropped", std::move(dropped));
  json.set("broken_records", result.broken_records);
  if (result.summary.has("target")) json.set("target", result.summary["target"]);
  json.set("seconds", result.seconds);
  json.set("already_done", result.already_done);
  return json;
}

void print_line(std::string_view name, std::uint64_t documents, std::uint64_t bytes,
                const char* of_what) {
  std::printf("  %-40.*s %12s documents  %10s%s\n", static_cast<int>(name.size()), name.data(),
              format_count(documents).c_str(), format_size(bytes).c_str(), of_what);
}

void print_result(const CurateResult& result, const std::string& out) {
  if (result.already_done) std::printf("Already done for this input and these options.\n");
  print_line("read", result.documents_in, result.bytes_in, " raw");
  for (const DroppedCount& count : result.dropped) {
    print_line("dropped: " + count.reason, count.documents, count.bytes, "");
  }
  print_line("kept", result.documents_kept, result.bytes_kept, " of text");
  if (result.broken_records > 0) {
    std::printf("  %s broken records were skipped; curate.json names them\n",
                format_count(result.broken_records).c_str());
  }
  const Json& target = result.summary["target"];
  if (!target.is_null()) {
    std::printf("  learned from %lld examples; held-out AUC %.3f\n",
                static_cast<long long>(target["examples"].as_int()),
                target["held_out_auc"].as_double());
  }
  const double rate = static_cast<double>(result.bytes_in) / 1e6 / std::max(1e-3, result.seconds);
  std::printf("  %s, %.1f MB/s of raw input\n\n", format_duration(result.seconds).c_str(), rate);
  std::printf("Documents: %s\nDropped:   %s\nReport:    %s\n", join_path(out, "documents").c_str(),
              join_path(out, "dropped").c_str(), join_path(out, "report.html").c_str());
}

class CurateVerb : public Verb {
 public:
  std::string name() const override { return "curate"; }
  std::string purpose() const override {
    return "Turns raw pages into documents; what is dropped lies beside them with its reason";
  }
  std::string example() const override {
    return "pith curate pages/ crawl.warc.gz -o docs --like examples/ --keep-bytes 100M";
  }
  void declare(Arguments& arguments) override {
    arguments.positionals(options_.inputs, "IN",
                          "Files and folders: HTML, text, Markdown, JSONL, WARC; .gz, .zst");
    arguments.required();
    arguments.option(options_.out, "-o,--output", "DIR", "Folder of the result");
    arguments.required();
    arguments.option(options_.like, "--like", "EXAMPLES",
                     "Files or folders like which the kept documents shall be; may be repeated");
    arguments.size(options_.keep_bytes, "--keep-bytes",
                   "Keep the best documents, at most so much text");
    arguments.option(options_.text_field, "--text-field", "FIELD", "Field of JSONL with the text");
    arguments.option(languages_, "--language", "CODES",
                     "Keep these languages only, such as en,zh-Hans");
    arguments.flag(no_filters_, "--no-filters", "Keep what the quality filters would drop");
  }
  Result<Json> run(const VerbContext& context) override {
    options_.languages = split_at_commas(languages_);
    options_.filters = !no_filters_;
    PITH_ASSIGN(const CurateResult result, curate(options_, context.context));
    ReportInput report;
    report.title = "Curation of " + options_.inputs.front();
    report.curate = result.summary;
    report.next_commands = {"pith train " + options_.out + " --budget 3m -o my-model"};
    PITH_TRY(write_file(join_path(options_.out, "report.html"), render_report(report)));
    if (!context.json) print_result(result, options_.out);
    return figures(result);
  }

 private:
  CurateOptions options_;
  std::string languages_;
  bool no_filters_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_curate_verb() { return std::make_unique<CurateVerb>(); }

}  // namespace pith
