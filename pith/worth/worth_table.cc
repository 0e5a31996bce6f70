#include "pith/worth/worth_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "pith/base/units.h"

namespace pith {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(1, values.size()));
}

double epochs(const WorthResult& result, const WorthVariant& variant) {
  return static_cast<double>(result.tokens) /
         static_cast<double>(std::max<std::uint64_t>(1, variant.corpus_tokens));
}

std::string interval_text(const StageWorth& worth) {
  if (worth.changes_nothing) return "";
  if (!worth.saved.has_interval()) return "one seed";
  return fmt::format("{:+.4f} to {:+.4f}", worth.saved.low, worth.saved.high);
}

std::string compute_cell(const StageWorth& worth) {
  if (worth.changes_nothing || !worth.compute) return "";
  if (!worth.compute_low) return compute_text(*worth.compute);
  return compute_text(*worth.compute) + " (" + compute_text(*worth.compute_low) + " to " +
         compute_text(*worth.compute_high) + ")";
}

std::string verdict(const StageWorth& worth) {
  if (worth.changes_nothing) return "changes nothing here";
  if (!worth.saved.has_interval()) return "not known";
  if (!worth.saved.told_from_zero()) return "not told from 0";
  return worth.saved.mean > 0 ? "helps" : "harms";
}

// What was trained, on what, judged by what.
std::string facts(const WorthResult& result) {
  const std::size_t seeds = result.all.bits_per_byte.size();
  return fmt::format(
      "{} trainings of {} parameters on {} tokens, {} seed{}; judged by {} documents ({}).",
      format_count(result.trainings), format_count(result.parameters), format_count(result.tokens),
      seeds, seeds == 1 ? "" : "s", format_count(result.target_documents),
      format_size(result.target_bytes));
}

std::string every_stage(const WorthResult& result) {
  return fmt::format("With every stage: {:.4f} bits per byte, {} of text, seen {:.2g} times.",
                     mean(result.all.bits_per_byte), format_size(result.all.bytes),
                     epochs(result, result.all));
}

std::string curve_line(const WorthResult& result) {
  std::string line = "The same with other amounts of tokens:";
  for (const auto& [part, loss] : result.curve.points())
    line += fmt::format(" x{:g} {:.4f}", part, loss);
  line += result.curve.usable() ? "."
                                : "; it does not fall throughout, so it tells nothing of compute.";
  return line;
}

std::vector<StageWorth> rows(const WorthResult& result) {
  std::vector<StageWorth> list = result.stages;
  list.push_back(result.together);
  return list;
}

constexpr const char* kCaution =
    "Intervals (95 %) are over seeds alone: other documents and larger models may say otherwise.";

}  // namespace

std::string compute_text(const ComputeRatio& ratio) {
  if (ratio.beyond > 0) return fmt::format("over {:g}", ratio.times);
  if (ratio.beyond < 0) return fmt::format("under {:g}", ratio.times);
  return fmt::format("{:.2f}", ratio.times);
}

std::string worth_text(const WorthResult& result) {
  std::string text =
      facts(result) + "\n" + every_stage(result) + "\n" + curve_line(result) + "\n\n";
  text += fmt::format("{:<20} {:>9}  {:>8}  {:<18}  {:<24} {}\n", "without", "text", "saves",
                      "95 %", "times the compute", "it");
  for (const StageWorth& worth : rows(result)) {
    text += fmt::format("{:<20} {:>9}  {:>8}  {:<18}  {:<24} {}\n", worth.without.name,
                        format_size(worth.without.bytes),
                        worth.changes_nothing ? "" : fmt::format("{:+.4f}", worth.saved.mean),
                        interval_text(worth), compute_cell(worth), verdict(worth));
  }
  return text + "\n" + kCaution + "\n";
}

std::string worth_markdown(const WorthResult& result) {
  std::string text = facts(result) + " " + every_stage(result) + " " + curve_line(result) + "\n\n";
  text +=
      "| stage left out | documents | text | epochs | bits per byte | saved by the stage | 95 % | "
      "worth in compute | verdict |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const StageWorth& worth : rows(result)) {
    text +=
        fmt::format("| {} | {} | {} | {:.2g} | {:.4f} | {} | {} | {} | {} |\n", worth.without.name,
                    format_count(worth.without.documents), format_size(worth.without.bytes),
                    epochs(result, worth.without), mean(worth.without.bits_per_byte),
                    worth.changes_nothing ? "" : fmt::format("{:+.4f}", worth.saved.mean),
                    interval_text(worth), compute_cell(worth), verdict(worth));
  }
  return text + "\n" + kCaution + "\n";
}

}  // namespace pith
