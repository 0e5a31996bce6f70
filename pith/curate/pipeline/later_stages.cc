#include "pith/curate/pipeline/later_stages.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/files.h"
#include "pith/base/json.h"
#include "pith/curate/dedup/near_duplicates.h"
#include "pith/curate/pipeline/document_pass.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/curate/select/target_features.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Fates and cluster sizes out of both kinds of clusters.
void settle(const DuplicateClusters& exact, const DuplicateClusters& near,
            DuplicateColumns& columns) {
  const std::size_t n = exact.kept.size();
  columns.fate.assign(n, Fate::kKept);
  columns.similarity.assign(n, 0.0f);
  columns.cluster_size.assign(n, 0);
  columns.kept.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t first = exact.kept[i];
    columns.kept[i] = near.kept[first];
    columns.cluster_size[columns.kept[i]] += 1;
    if (first != i) {
      columns.fate[i] = Fate::kExactDuplicate;
      columns.similarity[i] = exact.similarity[i];
    } else if (near.kept[i] != i) {
      columns.fate[i] = Fate::kNearDuplicate;
      columns.similarity[i] = near.similarity[i];
    }
  }
}

// Columns as one file: what a stage found, so that it is not done again.
Status save(const WorkFolder& folder, const DuplicateColumns& c) {
  PITH_TRY(write_column(folder.column("similarity"), c.similarity.data(), c.similarity.size() * 4));
  PITH_TRY(
      write_column(folder.column("clusters"), c.cluster_size.data(), c.cluster_size.size() * 4));
  PITH_TRY(write_column(folder.column("kept"), c.kept.data(), c.kept.size() * 4));
  return write_column(folder.column("fate"), c.fate.data(), c.fate.size());  // last: marks all
}

Status load(const WorkFolder& folder, std::size_t n, DuplicateColumns& c) {
  c.fate.resize(n), c.similarity.resize(n), c.cluster_size.resize(n), c.kept.resize(n);
  PITH_TRY(read_column(folder.column("fate"), c.fate.data(), n));
  PITH_TRY(read_column(folder.column("similarity"), c.similarity.data(), n * 4));
  PITH_TRY(read_column(folder.column("clusters"), c.cluster_size.data(), n * 4));
  return read_column(folder.column("kept"), c.kept.data(), n * 4);
}

Status find_leader_ids(const SignatureFiles& files, DuplicateColumns& c) {
  PITH_ASSIGN(const std::vector<Hash128> ids, files.ids());
  for (std::uint32_t i = 0; i < c.kept.size(); ++i) {
    if (c.cluster_size[i] > 1) c.leaders.push_back(i), c.leader_ids.push_back(ids[i]);
  }
  return {};
}

// Both kinds of clusters.
Status find_duplicates(const CurateOptions& options, const SignatureFiles& files,
                       std::vector<Hash128> hashes, const Context& context,
                       DuplicateColumns& columns) {
  const auto begin = Clock::now();
  const DuplicateClusters exact = exact_duplicates(hashes);
  hashes = {};  // not needed any longer, and large
  columns.exact_seconds = seconds_since(begin);

  const auto near_begin = Clock::now();
  PITH_ASSIGN(std::vector<std::uint8_t> excluded, files.without_words());
  for (std::size_t i = 0; i < excluded.size(); ++i) excluded[i] |= exact.kept[i] != i;
  if (!options.config->near_duplicates_enabled) excluded.assign(excluded.size(), 1);
  PITH_ASSIGN(const DuplicateClusters near,
              near_duplicates(files.source(), columns.text_bytes, excluded,
                              options.config->near_duplicate_similarity, context));
  settle(exact, near, columns);
  columns.near_seconds = seconds_since(near_begin);
  return {};
}

// What is left of the texts; too little is none.
Status cut_repeated_text(const CurateOptions& options, const SignatureFiles& files,
                         const WorkFolder& folder, const Context& context, DuplicateColumns& c) {
  const RepeatedTextOptions& repeated = options.config->repeated_text;
  std::vector<std::uint8_t> kept;
  for (const Fate fate : c.fate) kept.push_back(fate == Fate::kKept);
  PITH_ASSIGN(c.repeated, find_repeated_text(files, kept, repeated, folder, context));
  for (const std::uint32_t i : c.repeated.documents) {
    const std::uint64_t whole = c.text_bytes[i];
    c.text_bytes[i] -= bytes_of(c.repeated.cuts_of(i));
    const bool enough =
        c.text_bytes[i] >= repeated.least_bytes &&
        static_cast<double>(c.text_bytes[i]) >= repeated.least_share * static_cast<double>(whole);
    if (!enough) c.fate[i] = Fate::kRepeatedText;
  }
  return {};
}

struct Nothing {};
Status ignore(const Nothing&) { return {}; }

// Which documents the classifier is asked about: nothing in a language of no example is like the
// examples.
Result<std::vector<std::uint8_t>> asked_documents(const Examples& examples,
                                                  const SignatureFiles& files,
                                                  const DuplicateColumns& duplicates) {
  PITH_ASSIGN(const std::vector<LanguageCode> languages, files.languages());
  std::vector<std::uint8_t> asked;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    asked.push_back(duplicates.fate[i] == Fate::kKept &&
                    examples.in_language(text_of(languages[i])));
  }
  if (std::ranges::find(asked, 1) == asked.end()) {
    std::string codes;
    for (const std::string& code : examples.languages) codes += (codes.empty() ? "" : ", ") + code;
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
      sample.size(), std::clamp(4 * examples.features.size(), kTargetOthers / 4, kTargetOthers));
  std::sort(sample.begin(), sample.end(), [&](std::uint32_t a, std::uint32_t b) {
    return duplicates.keys[a] != duplicates.keys[b] ? duplicates.keys[a] < duplicates.keys[b]
                                                    : a < b;
  });
  sample.resize(wanted);
  std::sort(sample.begin(), sample.end());
  return sample;
}

using Features = std::vector<FeatureList>;

Result<Features> features_of(const std::vector<std::uint32_t>& sample,
                             const DuplicateColumns& duplicates, const WorkFolder& folder,
                             std::size_t shards, const Context& context) {
  Features all;
  const auto read = [&](std::size_t, const DocumentBlock& block) -> Result<Features> {
    Features features;
    DocumentParser parser;
    Document document;
    const auto read_line = [&](std::size_t i, std::string_view line) -> Status {
      if (!std::binary_search(sample.begin(), sample.end(), i)) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      target_features(document.text, features.emplace_back());
      features.back().shrink_to_fit();
      return {};
    };
    PITH_TRY(for_each_line(block, read_line));
    return features;
  };
  const auto collect = [&](Features features) -> Status {
    std::ranges::move(features, std::back_inserter(all));
    return {};
  };
  PITH_TRY(pass_documents<Features>(kept_files(folder, shards), "target: sample", context, read,
                                    collect));
  return all;
}

// The probabilities of what is asked about.
Status rate(const TargetClassifier& classifier, const std::vector<std::uint8_t>& asked,
            const DuplicateColumns& duplicates, const WorkFolder& folder, std::size_t shards,
            const Context& context, std::vector<float>& quality) {
  const auto work = [&](std::size_t, const DocumentBlock& block) -> Result<Nothing> {
    DocumentParser parser;
    Document document;
    FeatureList features;
    const auto rate_line = [&](std::size_t i, std::string_view line) -> Status {
      if (asked[i] == 0) return {};
      PITH_TRY(parser.parse(line, document));
      document.text = without_ranges(document.text, duplicates.repeated.cuts_of(i));
      target_features(document.text, features);
      quality[i] = static_cast<float>(classifier.probability(features));
      return {};
    };
    PITH_TRY(for_each_line(block, rate_line));
    return Nothing();
  };
  return pass_documents<Nothing>(kept_files(folder, shards), "target: rating", context, work,
                                 ignore);
}

Result<SignatureFiles> open_signatures(const WorkFolder& folder, std::size_t shards) {
  std::vector<std::string> stems;
  for (std::size_t i = 0; i < shards; ++i) stems.push_back(folder.shard(i, ""));
  return SignatureFiles::open(stems);
}

}  // namespace

std::string DuplicateColumns::kept_id(std::size_t i) const {
  const auto leader = std::ranges::lower_bound(leaders, kept[i]);
  PITH_CHECK(leader != leaders.end() && *leader == kept[i], "what stands for others is known");
  return hex(leader_ids[static_cast<std::size_t>(leader - leaders.begin())]);
}

Result<DuplicateColumns> run_duplicate_stage(const CurateOptions& options, const WorkFolder& folder,
                                             std::size_t shards, const Context& context) {
  PITH_ASSIGN(const SignatureFiles files, open_signatures(folder, shards));
  DuplicateColumns columns;
  PITH_ASSIGN(columns.text_bytes, files.text_bytes());
  PITH_ASSIGN(std::vector<Hash128> hashes, files.exact_hashes());
  for (const Hash128& hash : hashes) columns.keys.push_back(hash.low);
  if (file_exists(folder.column("fate"))) {
    PITH_TRY(load(folder, columns.keys.size(), columns));
  } else {
    PITH_TRY(find_duplicates(options, files, std::move(hashes), context, columns));
    PITH_TRY(save(folder, columns));
  }
  PITH_TRY(find_leader_ids(files, columns));
  PITH_TRY(cut_repeated_text(options, files, folder, context, columns));
  return columns;
}

Result<TargetColumns> run_target_stage(const Examples& examples, const WorkFolder& folder,
                                       std::size_t shards, const DuplicateColumns& duplicates,
                                       const Context& context) {
  const auto begin = Clock::now();
  const std::size_t n = duplicates.fate.size();
  TargetColumns columns;
  columns.quality.assign(n, 0.0f);
  const std::string report_path = folder.column("target.json");
  if (file_exists(report_path)) {
    PITH_TRY(read_column(folder.column("quality"), columns.quality.data(), n * 4));
    PITH_ASSIGN(const std::string text, read_file(report_path));
    PITH_ASSIGN(const Json json, parse_json(text, report_path));
    columns.seconds = json["seconds"].as_double();
    if (json.has("examples")) {
      columns.report = {.examples = static_cast<std::uint64_t>(json["examples"].as_int()),
                        .others = static_cast<std::uint64_t>(json["others"].as_int()),
                        .folds = static_cast<std::uint64_t>(json["folds"].as_int()),
                        .held_out_auc = json["held_out_auc"].as_double(),
                        .suggested_threshold = json["suggested_threshold"].as_double()};
    }
    return columns;
  }

  PITH_ASSIGN(const SignatureFiles files, open_signatures(folder, shards));
  PITH_ASSIGN(const std::vector<std::uint8_t> asked, asked_documents(examples, files, duplicates));
  const std::vector<std::uint32_t> sample = sample_others(examples, asked, duplicates);
  if (sample.empty()) {
    for (std::size_t i = 0; i < n; ++i) columns.quality[i] = asked[i];
  } else {
    PITH_ASSIGN(const Features others, features_of(sample, duplicates, folder, shards, context));
    const TrainedTarget trained = train_target(examples.features, others, context.seed);
    columns.report = trained.report;
    PITH_TRY(rate(trained.classifier, asked, duplicates, folder, shards, context, columns.quality));
  }
  columns.seconds = seconds_since(begin);
  PITH_TRY(write_column(folder.column("quality"), columns.quality.data(), n * 4));
  Json json = Json::object();
  json.set("seconds", columns.seconds);
  if (columns.report) {
    json.set("examples", columns.report->examples);
    json.set("others", columns.report->others);
    json.set("folds", columns.report->folds);
    json.set("held_out_auc", columns.report->held_out_auc);
    json.set("suggested_threshold", columns.report->suggested_threshold);
  }
  PITH_TRY(write_file(report_path, json.dump()));
  return columns;
}

}  // namespace pith
