#include "pith/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pith/base/units.h"
#include "pith/report/chart.h"
#include "pith/report/html.h"

namespace pith {
namespace {

std::uint64_t whole(const Json& value) {
  return static_cast<std::uint64_t>(std::max(0.0, value.as_double()));
}
std::string count_text(const Json& value) { return format_count(whole(value)); }
std::string size_text(const Json& value) { return format_size(whole(value)); }

// Names of stages as people read them: "near duplicates".
std::string spaced(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string share_text(double part, double all) {
  return all > 0 ? fmt::format("{:.1f} %", 100 * part / all) : "0 %";
}

// A measured value or threshold: whole numbers in full.
std::string measure_text(const Json& value) {
  const double number = value.as_double();
  if (number == std::floor(number) && number >= 0 && number < 1e15) return count_text(value);
  return fmt::format("{:.4g}", number);
}

std::string tile(std::string_view name, const std::string& shown, std::string_view caption) {
  return fmt::format("<div class=\"figure\"><b>{}</b><small>{}</small></div>\n",
                     figure_html(name, shown), escape_html(caption));
}

// The headline figures: of the run when it trained, else of the curation.
std::string figures(const ReportInput& input) {
  const Json& from = input.result.is_null() ? input.curate : input.result;
  std::string html = "<div class=\"figures\">\n";
  const auto counted = [&](const char* name, const char* caption) {
    if (from.has(name)) html += tile(name, count_text(from[name]), caption);
  };
  counted("documents_in", "documents read");
  counted("documents_kept", "documents kept");
  if (from.has("bytes_in")) html += tile("bytes_in", size_text(from["bytes_in"]), "read");
  if (from.has("bytes_kept"))
    html += tile("bytes_kept", size_text(from["bytes_kept"]), "of text kept");
  counted("tokens", "tokens trained on");
  counted("parameters", "parameters");
  if (from.has("bits_per_byte")) {
    html += tile("bits_per_byte", fmt::format("{:.3f}", from["bits_per_byte"].as_double()),
                 "held-out bits per byte");
  }
  if (from.has("seconds")) {
    html += tile("seconds", format_duration(from["seconds"].as_double()), "in all");
  }
  return html + "</div>\n";
}

std::string flow(const Json& curate, const char* in, const char* out, const char* unit_in,
                 std::string (*text)(const Json&)) {
  std::vector<FlowStage> stages;
  for (const Json& stage : curate["stages"].items()) {
    const double before = stage[in].as_double(), after = stage[out].as_double();
    stages.push_back(
        {spaced(stage["name"].as_string()), before, after,
         fmt::format("−{} ({})", text(Json(before - after)), share_text(before - after, before))});
  }
  if (stages.empty()) return "";
  return flow_chart(stages, text(Json(stages.front().in)) + " " + unit_in,
                    text(Json(stages.back().out)) + " kept");
}

std::string quotes(const Json& examples, const Json& threshold) {
  std::string html;
  for (const Json& example : examples.items()) {
    const std::string& url = example["url"].as_string();
    html += fmt::format("<blockquote>{}<cite>{} · measured {}{}</cite></blockquote>\n",
                        escape_html(shorten(example["excerpt"].as_string(), 400)),
                        escape_html(url.empty() ? example["file_path"].as_string() : url),
                        measure_text(example["value"]),
                        threshold.is_null() ? "" : ", threshold " + measure_text(threshold));
  }
  return html;
}

// Some that were dropped, and, where the rule has documents on either side of its threshold, those
// at its edge side by side: whether the threshold is right shows there.
std::string examples_html(const Json& reason, const Json& edges) {
  std::string html = quotes(reason["examples"], reason["threshold"]);
  for (const Json& edge : edges.items()) {
    if (edge["rule"].as_string() != reason["reason"].as_string()) continue;
    html += fmt::format(
        "<div class=\"edge\"><div><h3>at the edge, dropped</h3>{}</div>"
        "<div><h3>at the edge, passed</h3>{}</div></div>\n",
        quotes(edge["dropped"], edge["threshold"]), quotes(edge["passed"], edge["threshold"]));
  }
  return html;
}

std::string dropped_table(const Json& curate) {
  struct Row {
    std::string stage;
    const Json* reason;
  };
  std::vector<Row> rows;
  for (const Json& stage : curate["stages"].items()) {
    for (const Json& reason : stage["dropped"].items()) {
      rows.push_back({stage["name"].as_string(), &reason});
    }
  }
  if (rows.empty()) return "<p>Nothing was dropped.</p>\n";
  std::string html =
      "<table><tr><th>reason, with examples</th><th>stage</th><th class=\"number\">documents</th>"
      "<th class=\"number\">bytes</th><th class=\"number\">threshold</th></tr>\n";
  for (const Row& row : rows) {
    const Json& reason = *row.reason;
    html += fmt::format(
        "<tr data-reason=\"{0}\"><td><details><summary>{0}</summary>{1}</details></td><td>{2}</td>"
        "<td class=\"number\">{3}</td><td class=\"number\">{4}</td><td "
        "class=\"number\">{5}</td></tr>\n",
        escape_html(reason["reason"].as_string()), examples_html(reason, curate["edges"]),
        escape_html(spaced(row.stage)), count_text(reason["documents"]), size_text(reason["bytes"]),
        reason.has("threshold") ? measure_text(reason["threshold"]) : "");
  }
  return html + "</table>\n";
}

std::string languages(const Json& curate) {
  std::vector<Bar> bars;
  for (const Json& language : curate["languages"].items()) {
    const double in = language["documents_in"].as_double(),
                 kept = language["documents_kept"].as_double();
    bars.push_back({language["language"].as_string(), in, kept,
                    fmt::format("{} of {}", count_text(Json(kept)), count_text(Json(in)))});
  }
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.whole > b.whole; });
  if (bars.size() > 16) bars.resize(16);
  return bar_chart(bars);
}

std::string formats(const Json& curate) {
  std::vector<Bar> bars;
  for (const Json& format : curate["formats"].items()) {
    const double documents = format["documents"].as_double();
    bars.push_back(
        {format["format"].as_string(), documents, documents,
         fmt::format("{}, {}", count_text(format["documents"]), size_text(format["bytes"]))});
  }
  if (bars.empty()) return "";
  return "\n<h2>Formats</h2>\n<p class=\"lead\">What kinds of documents were kept.</p>\n" +
         bar_chart(bars);
}

// With --class only.
std::string classes(const Json& curate) {
  std::vector<Bar> bars;
  for (const Json& entry : curate["classes"]["classes"].items()) {
    const double documents = entry["documents"].as_double();
    bars.push_back(
        {entry["class"].as_string(), documents, documents,
         fmt::format("{}, {}", count_text(entry["documents"]), size_text(entry["bytes"]))});
  }
  if (bars.empty()) return "";
  return "\n<h2>Classes</h2>\n<p class=\"lead\">Kept documents by the classes of the examples "
         "given.</p>\n" +
         bar_chart(bars);
}

std::string topic_row(const std::string& first, const Json& counts, double documents) {
  return fmt::format(
      "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
      "class=\"number\">{}</td></tr>\n",
      first, share_text(counts["documents"].as_double(), documents),
      count_text(counts["documents"]), size_text(counts["bytes"]));
}

// The map of the corpus: groups of topics, and in each its topics with their terms and a sentence.
std::string topics(const Json& curate) {
  const JsonArray& groups = curate["topics"].items();
  double documents = 0;
  for (const Json& group : groups) documents += group["documents"].as_double();
  if (documents == 0) return "";
  std::string html =
      "<h2>What it is about</h2>\n<p class=\"lead\">Topics of the kept documents, found in them "
      "and "
      "named by what sets them apart.</p>\n<table><tr><th>topic, with a sentence of its most "
      "typical "
      "document</th><th class=\"number\">share</th><th class=\"number\">documents</th><th "
      "class=\"number\">bytes</th></tr>\n";
  for (const Json& group : groups) {
    html += topic_row("<b>" + escape_html(group["name"].as_string()) + "</b>", group, documents);
    for (const Json& topic : group["topics"].items()) {
      std::string terms;
      for (const Json& term : topic["terms"].items()) {
        terms += (terms.empty() ? "" : ", ") + term.as_string();
      }
      const Json& example = topic["example"];
      html +=
          topic_row(fmt::format("<details><summary>{}</summary><blockquote>{}<cite>{}</cite>"
                                "</blockquote></details>",
                                escape_html(terms), escape_html(example["sentence"].as_string()),
                                escape_html(example["title"].as_string())),
                    topic, documents);
    }
  }
  return html + "</table>\n";
}

std::string broken_records(const Json& curate) {
  const Json& broken = curate["broken_records"];
  if (broken["count"].as_int() == 0) return "";
  std::string html = fmt::format(
      "<h2>Broken records</h2>\n<p>{} records could not be read and were skipped.</p><pre>",
      figure_html("broken_records", count_text(broken["count"])));
  for (const Json& example : broken["examples"].items()) {
    html += escape_html(fmt::format("{} at offset {}: {}\n", example["file"].as_string(),
                                    example["offset"].as_int(), example["reason"].as_string()));
  }
  return html + "</pre>\n";
}

std::string selection(const Json& curate) {
  const Json& chosen = curate["selection"];
  if (chosen.is_null()) return "";
  std::string html = fmt::format("<h2>How documents were chosen</h2>\n<p>By {}",
                                 escape_html(spaced(chosen["method"].as_string())));
  if (chosen["balance"].as_string() != "none") {
    html += ", balanced by " + escape_html(chosen["balance"].as_string());
  }
  if (chosen["threshold"].as_double() > 0) {
    html += fmt::format("; quality {:.3f} or more", chosen["threshold"].as_double());
  }
  html += "; " + size_text(chosen["bytes"]) + " of text";
  if (chosen["keep_bytes"].as_int() > 0) {
    html += ", at most " + size_text(chosen["keep_bytes"]) + " were asked for";
  }
  return html + ".</p>\n";
}

std::string curation(const Json& curate) {
  std::string html =
      "<h2>From raw pages to documents</h2>\n<p class=\"lead\">Documents through every stage; what "
      "leaves the ribbon was dropped, and stands with its reason in the dropped folder.</p>\n";
  html += flow(curate, "documents_in", "documents_out", "documents", count_text);
  html += "\n<p class=\"lead\">The same in bytes of text.</p>\n";
  html += flow(curate, "bytes_in", "bytes_out", "of text", size_text);
  html += "\n<h2>Languages</h2>\n<p class=\"lead\">Documents kept, of those read.</p>\n" +
          languages(curate);
  html += formats(curate);
  html += classes(curate);
  html += topics(curate);
  html += "\n<h2>What was dropped, and why</h2>\n" + dropped_table(curate);
  html += selection(curate);
  std::vector<double> quality;
  for (const Json& count : curate["quality_histogram"].items())
    quality.push_back(count.as_double());
  if (const std::string chart = histogram(quality, "probability of being wanted"); !chart.empty()) {
    html += "<h2>How much wanted</h2>\n" + chart;
  }
  return html + broken_records(curate);
}

// Single batches scatter: their mean over the last twentieth of the training shows where it goes.
Series running_mean(const Series& steps) {
  Series mean{"training", {}, false};
  const double decay = 1 - 1 / std::max(1.0, static_cast<double>(steps.points.size()) / 20);
  double sum = 0, weight = 0;
  for (const auto& [step, value] : steps.points) {
    sum = decay * sum + value;
    weight = decay * weight + 1;
    mean.points.emplace_back(step, sum / weight);
  }
  return mean;
}

std::string training(const ReportInput& input) {
  Series steps{"batches", {}, false}, heldout{"held-out", {}, true};
  std::string samples;
  for (const Json& line : input.training_log) {
    const double step = line["step"].as_double();
    if (line.has("bits_per_byte"))
      steps.points.emplace_back(step, line["bits_per_byte"].as_double());
    if (line.has("heldout_bits_per_byte")) {
      heldout.points.emplace_back(step, line["heldout_bits_per_byte"].as_double());
    }
    if (line.has("sample")) {
      samples += fmt::format(
          "<blockquote class=\"sample\">{}<cite>after step {}</cite></blockquote>\n",
          escape_html(shorten(line["sample"].as_string(), 700)), count_text(line["step"]));
    }
  }
  std::string html =
      "<h2>Training</h2>\n<p class=\"lead\">Loss in bits per byte of text; lower is better.";
  if (input.tokens.has("bytes_per_token")) {
    html +=
        fmt::format(" A token stands for {:.2f} bytes; the vocabulary has {}.",
                    input.tokens["bytes_per_token"].as_double(), count_text(input.tokens["vocab"]));
  }
  html += "</p>\n" + line_chart({steps, heldout, running_mean(steps)}, "step", "bits per byte");
  if (!samples.empty()) html += "<h2>What the model wrote while it learned</h2>\n" + samples;
  return html;
}

}  // namespace

std::string render_report(const ReportInput& input) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n";
  html +=
      fmt::format("<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
                  escape_html(input.title), kReportStyle);
  html +=
      "<p class=\"lead\">What was read, what was kept and why, and what the model learned from "
      "it.</p>\n";
  html += figures(input);
  if (!input.curate.is_null()) html += curation(input.curate);
  if (!input.training_log.empty()) html += training(input);
  if (!input.next_commands.empty()) {
    html += "<h2>Go on</h2>\n<pre>";
    for (const std::string& command : input.next_commands) html += escape_html(command) + "\n";
    html += "</pre>\n";
  }
  html +=
      "<footer>Made by pith. This page holds everything it shows and fetches nothing.</footer>\n";
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace pith
