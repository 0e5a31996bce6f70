#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/json.h"
#include "pith/curate/pipeline/shown_documents.h"
#include "pith/curate/privacy/pii.h"
#include "pith/curate/spam/spam_cleaner.h"
#include "pith/formats/documents.h"

// What is counted on the way from raw input to documents; docs/formats/curate_summary.md says what
// each figure is. Counts of batches and shards are added up, in any order, to those of the whole.
namespace pith {

enum class CurateStage : std::uint8_t {
  kExtract,
  kLanguage,
  kFilters,
  kDecontaminate,  // only with evaluation sets
  kExactDuplicates,
  kNearDuplicates,
  kRepeatedText,
  kTarget,
  kSelect,
};
inline constexpr std::size_t kCurateStages = 9;
std::string_view stage_name(CurateStage stage);  // "exact_duplicates"

inline constexpr std::size_t kBrokenExamples = 20;
inline constexpr std::size_t kQualityBins = 20;

struct DropStatistics {
  std::uint64_t documents = 0, bytes = 0;
  double threshold = 0;
  ShownDocuments examples;  // a random sample
};

// Documents on either side of a rule's bound.
struct EdgeStatistics {
  double bound = 0;
  ShownDocuments passed, dropped;
};

struct StageStatistics {
  std::uint64_t documents_in = 0, documents_out = 0, bytes_in = 0, bytes_out = 0;
  double seconds = 0;                                          // of all workers together
  std::map<std::string, DropStatistics, std::less<>> dropped;  // by reason
};

struct LanguageStatistics {
  std::uint64_t documents_in = 0, bytes_in = 0, documents_kept = 0, bytes_kept = 0;
};

struct FormatStatistics {
  std::uint64_t documents = 0, bytes = 0;  // kept
};

struct BrokenExample {
  std::string file, reason;
  std::uint64_t offset = 0;
};

struct CurateStatistics {
  std::array<StageStatistics, kCurateStages> stages;
  std::map<std::string, LanguageStatistics, std::less<>> languages;
  std::map<std::string, FormatStatistics, std::less<>> formats;
  std::map<std::string, EdgeStatistics, std::less<>> edges;  // by rule
  std::array<std::uint64_t, kQualityBins> quality_histogram{};
  std::uint64_t broken_records = 0;
  std::vector<BrokenExample> broken_examples;  // the first kBrokenExamples in input order
  std::map<std::string, std::uint64_t, std::less<>> skipped_files;  // by reason
  PiiCounts masked{};                                               // in kept text
  std::uint64_t condensed_bytes = 0;                                // left out of kept text
  SpamCounts spam;  // cut out of text that then went on to the filters
  // Items of each evaluation set that were found, by the set's path.
  std::map<std::string, std::set<std::uint32_t>, std::less<>> evaluation_items;

  StageStatistics& stage(CurateStage s) { return stages[static_cast<std::size_t>(s)]; }
  const StageStatistics& stage(CurateStage s) const { return stages[static_cast<std::size_t>(s)]; }

  void pass(CurateStage stage, std::uint64_t bytes_in, std::uint64_t bytes_out);
  // Notes what a rule measured in `document`, whose id and text are set: it may be shown.
  void measured(std::string_view rule, double value, double bound, bool passed,
                const Document& document);
  // Counts `document` (text, dropped_by, ... set) as dropped in `stage`, and notes what it
  // measured.
  void drop(CurateStage stage, std::uint64_t bytes_in, const Document& document);
  // `other` comes after what was counted so far.
  void add(const CurateStatistics& other);
};

// Everything counted, for the file beside a shard, and back.
Json statistics_to_json(const CurateStatistics& statistics);
CurateStatistics statistics_from_json(const Json& json);

// "stages", "edges", "languages", "masked", "spam", "quality_histogram", "broken_records" and
// "skipped_files" as in curate.json.
void add_statistics(const CurateStatistics& statistics, bool with_quality, Json& summary);

}  // namespace pith
