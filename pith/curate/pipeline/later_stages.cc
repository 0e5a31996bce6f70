#include "pith/curate/pipeline/later_stages.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "pith/base/check.h"
#include "pith/base/files.h"
#include "pith/curate/dedup/near_duplicates.h"
#include "pith/curate/pipeline/signature_file.h"

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

}  // namespace pith
