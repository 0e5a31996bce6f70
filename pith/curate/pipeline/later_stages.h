#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/hash.h"
#include "pith/base/result.h"
#include "pith/curate/pipeline/curate.h"
#include "pith/curate/pipeline/repeated_stage.h"
#include "pith/curate/pipeline/statistics.h"
#include "pith/curate/pipeline/work_folder.h"

// Which documents of the first stage's shards are copies. Documents are numbered through all
// kept.jsonl.zst files; the stage leaves columns in the work folder, which are used when they are
// there already, as target_stage.h does.
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

}  // namespace pith
