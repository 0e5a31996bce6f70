#include "pith/cli/curation.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "pith/base/units.h"
#include "pith/curate/pipeline/class_examples.h"
#include "pith/formats/parquet.h"

namespace pith {
namespace {

void print_line(std::string_view name, std::uint64_t documents, std::uint64_t bytes,
                const char* of_what) {
  std::printf("  %-40.*s %12s documents  %10s%s\n", static_cast<int>(name.size()), name.data(),
              format_count(documents).c_str(), format_size(bytes).c_str(), of_what);
}

}  // namespace

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

void CurationArguments::declare(Arguments& arguments) {
  arguments.positionals(
      options_.inputs, "IN",
      "Files and folders of HTML, text, Markdown, JSONL or WARC, plain, .gz or .zst, or Parquet");
  arguments.required();
  arguments.option(options_.like, "--like", "EXAMPLES",
                   "A file or folder of examples of what to keep; may be given several times");
  arguments.otherwise("all that pass the filters are equally wanted");
  arguments.option(classes_, "--class", "NAME=FOLDER",
                   "Examples of a class of documents; given for two or more, documents get the "
                   "columns class and class_score");
  arguments.otherwise("no such columns");
  arguments.size(options_.read_bytes, "--read-bytes",
                 "Read a random part of the input only, about this much of its files, such as 1G");
  arguments.otherwise(
      "all; pith run: 64 bytes for each token that --budget is expected to pay for, 192 where "
      "n-grams are counted");
  arguments.size(
      options_.keep_bytes, "--keep-bytes",
      "Keep at most this much text, such as 100M: the documents most like the examples, or "
      "without examples a random sample");
  arguments.otherwise("all that pass the filters");
  arguments.option(options_.text_field, "--text-field", "FIELD",
                   "Field of JSONL or column of Parquet that holds the text");
  arguments.option(format_, "--format", "FORMAT",
                   "Format of documents/ and dropped/: jsonl (compressed with zstd) or parquet");
  arguments.option(languages_, "--language", "CODES",
                   "Keep these languages only, such as en,zh-Hans");
  arguments.otherwise("all");
  arguments.option(options_.evaluation, "--evaluation", "SET",
                   "A file or folder of questions that a model will be judged by: documents that "
                   "hold one are dropped; may be given several times");
  arguments.flag(options_.markup, "--markup",
                 "Keep headings, lists, quotations, code and tables of pages, as Markdown");
  arguments.flag(no_filters_, "--no-filters", "Keep what the quality filters would drop");
}

Result<CurateOptions> CurationArguments::options(const std::string& config) const {
  CurateOptions options = options_;
  if (!config.empty()) {
    options.config = std::make_shared<CurateConfig>();
    PITH_TRY(read_curate_config(config, {"model", "training"}, *options.config));
  }
  if (format_ == "parquet") {
    options.format = DocumentFormat::kParquet;
    PITH_TRY(parquet_library());  // now, not after an hour of work
  } else if (format_ != "jsonl") {
    return input_error("[curate] --format is jsonl or parquet, not: " + format_);
  }
  for (const std::string& option : classes_) {
    PITH_ASSIGN(options.classes.emplace_back(), parse_class(option));
  }
  options.languages = split_at_commas(languages_);
  options.filters = !no_filters_;
  return options;
}

Json curation_figures(const CurateResult& result) {
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
  for (const char* part : {"masked", "decontaminate", "classes", "target", "selection"}) {
    if (result.summary.has(part)) json.set(part, result.summary[part]);
  }
  return json;
}

void print_curation(const CurateResult& result, bool reasons) {
  print_line("read", result.documents_in, result.bytes_in, " raw");
  if (reasons) {
    for (const DroppedCount& count : result.dropped) {
      print_line("dropped: " + count.reason, count.documents, count.bytes, "");
    }
  } else {
    for (const Json& stage : result.summary["stages"].items()) {
      std::uint64_t documents = 0, bytes = 0;
      for (const Json& drop : stage["dropped"].items()) {
        documents += static_cast<std::uint64_t>(drop["documents"].as_int());
        bytes += static_cast<std::uint64_t>(drop["bytes"].as_int());
      }
      std::string name = stage["name"].as_string();
      std::ranges::replace(name, '_', ' ');
      if (documents > 0) print_line("dropped: " + name, documents, bytes, "");
    }
  }
  print_line("kept", result.documents_kept, result.bytes_kept, " of text");
  if (result.broken_records > 0) {
    std::printf("  %s broken records were skipped; curate.json names them\n",
                format_count(result.broken_records).c_str());
  }
  for (const Json& set : result.summary["decontaminate"].items()) {
    std::printf("  %s of %s items of %s were found\n",
                format_count(static_cast<std::uint64_t>(set["found"].as_int())).c_str(),
                format_count(static_cast<std::uint64_t>(set["items"].as_int())).c_str(),
                set["path"].as_string().c_str());
  }
  std::string masked;
  for (const auto& [kind, count] : result.summary["masked"].members()) {
    if (count.as_int() == 0) continue;
    masked += (masked.empty() ? "" : ", ") +
              format_count(static_cast<std::uint64_t>(count.as_int())) + " " + kind;
  }
  std::ranges::replace(masked, '_', ' ');
  if (!masked.empty()) std::printf("  masked: %s\n", masked.c_str());
  const Json& classes = result.summary["classes"];
  for (const Json& entry : classes["classes"].items()) {
    print_line("class: " + entry["class"].as_string(),
               static_cast<std::uint64_t>(entry["documents"].as_int()),
               static_cast<std::uint64_t>(entry["bytes"].as_int()), "");
  }
  if (classes.has("held_out_accuracy")) {
    std::printf("  classes are told apart with %.1f %% of held-out examples right\n",
                100 * classes["held_out_accuracy"].as_double());
  }
  const Json& selection = result.summary["selection"];
  if (!selection.is_null()) {
    const std::string& balance = selection["balance"].as_string();
    std::printf("  selected by %s%s%s", selection["method"].as_string().c_str(),
                balance == "none" ? "" : ", balanced by ",
                balance == "none" ? "" : balance.c_str());
    if (selection["threshold"].as_double() > 0) {
      std::printf(", quality %.3f or more", selection["threshold"].as_double());
    }
    const auto most = static_cast<std::uint64_t>(selection["keep_bytes"].as_int());
    if (most > 0) std::printf(", %s at most", format_size(most).c_str());
    std::printf("\n");
  }
  const Json& target = result.summary["target"];
  if (!target.is_null()) {
    std::printf("  learned from %lld examples; held-out AUC %.3f\n",
                static_cast<long long>(target["examples"].as_int()),
                target["held_out_auc"].as_double());
  }
}

}  // namespace pith
