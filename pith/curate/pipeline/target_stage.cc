#include "pith/curate/pipeline/target_stage.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/dedup/repeated_text.h"
#include "pith/curate/pipeline/document_pass.h"
#include "pith/curate/pipeline/selection_strata.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLevelExamples = 10;  // of a language, to tell where they lie
constexpr float kNotAsked = -std::numeric_limits<float>::infinity();

Result<std::vector<LanguageCode>> languages_of(const WorkFolder& folder, std::size_t shards) {
  std::vector<std::string> stems;
  for (std::size_t i = 0; i < shards; ++i) stems.push_back(folder.shard(i, ""));
  PITH_ASSIGN(const SignatureFiles files, SignatureFiles::open(stems));
  return files.languages();
}

struct Nothing {};
Status ignore(const Nothing&) { return {}; }

// Which documents are scored: nothing in a language of no example is like the examples.
Result<std::vector<std::uint8_t>> asked_documents(const Examples& examples,
                                                  const std::vector<LanguageCode>& languages,
                                                  const DuplicateColumns& duplicates) {
  std::vector<std::uint8_t> asked;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    asked.push_back(duplicates.fate[i] == Fate::kKept &&
                    examples.in_language(text_of(languages[i])));
  }
  if (std::ranges::find(asked, 1) == asked.end()) {
    std::string codes;
    for (const auto& [code, bytes] : examples.languages) {
      codes += (codes.empty() ? "" : ", ") + code;
    }
    return input_error(
        "[curate] no document that is left is in a language of the --like examples (" + codes +
        "); give examples in the language of the input");
  }
  return asked;
}

// The others: a sample of what is asked about, without the examples themselves, by least hash. Its
// numbers, ascending.
std::vector<std::uint32_t> sample_others(const Examples& examples,
                                         const std::vector<std::uint8_t>& asked,
                                         const DuplicateColumns& duplicates) {
  std::vector<std::uint32_t> sample;
  for (std::uint32_t i = 0; i < asked.size(); ++i) {
    const bool example =
        std::binary_search(examples.keys.begin(), examples.keys.end(), duplicates.keys[i]);
    if (asked[i] != 0 && !example) sample.push_back(i);
  }
  const std::size_t wanted = std::min(
      sample.size(), std::clamp(4 * examples.documents.size(), kTargetOthers / 4, kTargetOthers));
  std::sort(sample.begin(), sample.end(), [&](std::uint32_t a, std::uint32_t b) {
    return duplicates.keys[a] != duplicates.keys[b] ? duplicates.keys[a] < duplicates.keys[b]
                                                    : a < b;
  });
  sample.resize(wanted);
  std::sort(sample.begin(), sample.end());
  return sample;
}

using Documents = std::vector<DocumentWords>;

Result<Documents> see_documents(const std::vector<std::uint32_t>& sample,
                                const DuplicateColumns& duplicates, const WorkFolder& folder,
                                std::size_t shards, const Context& context) {
  Documents all;
  const auto read = [&](std::size_t, const DocumentBlock& block) -> Result<Documents> {
    Documents seen;
    DocumentParser parser;
    Document document;
    const auto read_line = [&](std::size_t i, std::string_view line) -> Status {
      if (!std::binary_search(sample.begin(), sample.end(), i)) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      see_document(document.text, seen.emplace_back());
      seen.back().words.shrink_to_fit(), seen.back().features.shrink_to_fit();
      return {};
    };
    PITH_TRY(for_each_line(block, read_line));
    return seen;
  };
  const auto collect = [&](Documents seen) -> Status {
    std::ranges::move(seen, std::back_inserter(all));
    return {};
  };
  PITH_TRY(pass_documents<Documents>(kept_files(folder, shards), "target: sample", context, read,
                                     collect));
  return all;
}

// What three in four of the values reach.
double low_quartile(std::vector<double> values) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 4);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

// A score is not as high in one language as in another for documents that are equally wanted, and
// one bar for all would shut out the language in which they are lower. So every language of some
// examples is moved to where its own held-out examples lie with the others.
void level_languages(const Examples& examples, const TrainedTarget& trained,
                     const std::vector<LanguageCode>& languages, std::vector<float>& scores) {
  if (trained.examples_log_odds.empty()) return;
  std::map<std::string, std::vector<double>, std::less<>> by_language;
  for (std::size_t i = 0; i < examples.codes.size(); ++i) {
    by_language[examples.codes[i]].push_back(trained.examples_log_odds[i]);
  }
  const double all = low_quartile(trained.examples_log_odds);
  std::map<std::string, float, std::less<>> shifts;
  for (auto& [code, log_odds] : by_language) {
    if (log_odds.size() < kLevelExamples) continue;
    const double shift = all - low_quartile(std::move(log_odds));
    if (std::isfinite(shift)) shifts[code] = static_cast<float>(shift);
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto shift = shifts.find(without_script(text_of(languages[i])));
    if (shift != shifts.end()) scores[i] += shift->second;
  }
}

// The scores of what is asked about.
Status rate(const TrainedScorer& scorer, const DuplicateColumns& duplicates,
            const std::vector<std::uint8_t>& asked, const WorkFolder& folder, std::size_t shards,
            const Context& context, std::vector<float>& scores) {
  const auto work = [&](std::size_t, const DocumentBlock& block) -> Result<Nothing> {
    DocumentParser parser;
    Document document;
    DocumentWords seen;
    const auto rate_line = [&](std::size_t i, std::string_view line) -> Status {
      if (asked[i] == 0) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      see_document(document.text, seen);
      scores[i] = static_cast<float>(scorer.log_odds(seen));
      return {};
    };
    PITH_TRY(for_each_line(block, rate_line));
    return Nothing();
  };
  return pass_documents<Nothing>(kept_files(folder, shards), "target: rating", context, work,
                                 ignore);
}

Status save(const WorkFolder& folder, const TargetColumns& columns) {
  PITH_TRY(write_column(folder.column("scores"), columns.scores.data(), columns.scores.size() * 4));
  PITH_TRY(write_column(folder.column("strata"), columns.strata.data(), columns.strata.size() * 4));
  Json json = Json::object();
  json.set("seconds", columns.seconds);
  Json shares = Json::array();
  for (const double share : columns.shares) shares.push_back(share);
  json.set("shares", std::move(shares));
  if (columns.report) {
    json.set("examples", columns.report->examples);
    json.set("others", columns.report->others);
    json.set("folds", columns.report->folds);
    json.set("held_out_auc", columns.report->held_out_auc);
    json.set("suggested_threshold", columns.report->suggested_threshold);
  }
  return write_file(folder.column("target.json"), json.dump());  // last: marks all
}

Status load(const WorkFolder& folder, TargetColumns& columns) {
  const std::string path = folder.column("target.json");
  PITH_ASSIGN(const std::string text, read_file(path));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  columns.seconds = json["seconds"].as_double();
  for (const Json& share : json["shares"].items()) columns.shares.push_back(share.as_double());
  if (!columns.shares.empty()) columns.strata.resize(columns.scores.size());
  PITH_TRY(read_column(folder.column("scores"), columns.scores.data(), columns.scores.size() * 4));
  PITH_TRY(read_column(folder.column("strata"), columns.strata.data(), columns.strata.size() * 4));
  if (json.has("examples")) {
    columns.report = {.examples = static_cast<std::uint64_t>(json["examples"].as_int()),
                      .others = static_cast<std::uint64_t>(json["others"].as_int()),
                      .folds = static_cast<std::uint64_t>(json["folds"].as_int()),
                      .held_out_auc = json["held_out_auc"].as_double(),
                      .suggested_threshold = json["suggested_threshold"].as_double()};
  }
  return {};
}

}  // namespace

Result<TargetColumns> run_target_stage(const CurateOptions& options, const Examples& examples,
                                       const WorkFolder& folder, std::size_t shards,
                                       const DuplicateColumns& duplicates, const Context& context) {
  const auto begin = Clock::now();
  const std::size_t n = duplicates.fate.size();
  TargetColumns columns;
  columns.scores.assign(n, kNotAsked);
  if (file_exists(folder.column("target.json"))) {
    PITH_TRY(load(folder, columns));
    return columns;
  }

  const SelectionOptions& selection = options.config->selection;
  PITH_ASSIGN(const std::vector<LanguageCode> languages, languages_of(folder, shards));
  PITH_ASSIGN(const std::vector<std::uint8_t> asked,
              asked_documents(examples, languages, duplicates));
  const std::vector<std::uint32_t> sample = sample_others(examples, asked, duplicates);
  if (sample.empty()) {
    for (std::size_t i = 0; i < n; ++i) {
      if (asked[i] != 0) columns.scores[i] = 0;
    }
  } else {
    PITH_ASSIGN(const Documents others, see_documents(sample, duplicates, folder, shards, context));
    const SelectionMethod* method = find_selection_method(selection.method);
    PITH_CHECK(method != nullptr, "the configuration was checked");
    const TrainedTarget trained = train_target(*method, examples.documents, others, context.seed);
    columns.report = trained.report;
    PITH_TRY(rate(trained.scorer, duplicates, asked, folder, shards, context, columns.scores));
    for (std::size_t k = 0; k < trained.others_log_odds.size(); ++k) {
      columns.scores[sample[k]] = static_cast<float>(trained.others_log_odds[k]);
    }
    level_languages(examples, trained, languages, columns.scores);
  }
  if (selection.balance == "languages") {
    language_strata(examples, languages, columns.strata, columns.shares);
  } else if (selection.balance == "topics") {
    PITH_TRY(topic_strata(*options.config, examples, asked, columns.scores, duplicates, folder,
                          shards, context, columns.strata, columns.shares));
  }
  columns.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  PITH_TRY(save(folder, columns));
  return columns;
}

}  // namespace pith
