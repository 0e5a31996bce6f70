#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/hash.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/examples.h"
#include "pith/curate/pipeline/repeated_stage.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/curate/pipeline/work_folder.h"
#include "pith/curate/select/target_classifier.h"

// The stages after the first, over its shards. Documents are numbered through all kept.jsonl.zst
// files; each stage leaves a column in the work folder, which is used when it is there already.
namespace pith {

enum class Fate : std::uint8_t { kKept, kExactDuplicate, kNearDuplicate, kRepeatedText };

struct DuplicateColumns {
  std::vector<Fate> fate;                   // (n)
  std::vector<float> similarity;            // (n): to the one kept in its place
  std::vector<std::uint32_t> kept;          // (n): which stands for it; itself when kept
  std::vector<std::uint32_t> cluster_size;  // (n): of the kept, itself and all its copies
  std::vector<std::uint64_t> text_bytes;    // (n): of what is left of the text
  std::vector<std::uint64_t> keys;     // (n): hashes of the texts, to sample and settle ties by
  std::vector<std::uint32_t> leaders;  // what stands for others, ascending
  std::vector<Hash128> leader_ids;     // and the ids of these
  RepeatedText repeated;               // what the texts lose
  double exact_seconds = 0, near_seconds = 0;

  // The id of what is kept in place of document `i`, which is not kept.
  std::string kept_id(std::size_t i) const;
};

// Exact duplicates, near-duplicates, and text that is repeated in what these leave.
Result<DuplicateColumns> run_duplicate_stage(const CurateOptions& options, const WorkFolder& folder,
                                             std::size_t shards, const Context& context);

struct TargetColumns {
  std::vector<float> quality;          // (n): 0 when dropped before, or in a language of no example
  std::optional<TargetReport> report;  // empty: everything left was an example itself
  double seconds = 0;
};

// At most so many others are learned from; which ones is settled by hash.
inline constexpr std::size_t kTargetOthers = 4000;

// Learns what the examples have in common against a sample of the documents left, and gives every
// one of these its probability: 0 in a language that no example is in, such documents are not
// learned from either.
Result<TargetColumns> run_target_stage(const Examples& examples, const WorkFolder& folder,
                                       std::size_t shards, const DuplicateColumns& duplicates,
                                       const Context& context);

}  // namespace pith
