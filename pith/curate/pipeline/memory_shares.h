#pragma once

#include <cstdint>

namespace pith {

// How the memory that a curation may use is divided. What of it bounds a single record decides
// about the result and belongs into the manifest.
struct MemoryShares {
  std::uint64_t raw_bytes = 64 << 20;         // of records on their way to documents
  std::uint64_t max_record_bytes = 64 << 20;  // of one of them; a longer one is broken
  std::uint64_t page_bytes = ~0ull;           // of the trees of pages being read
  std::uint64_t max_page_nodes = 2'500'000;   // of one of them; what follows is not read
  // Of the pages of a Parquet file, which hold many rows and so many records. Its rows are no HTML,
  // so this is of the trees' share.
  std::uint64_t max_parquet_page_bytes = 2ull << 30;
  std::uint64_t sort_bytes = 512 << 20;  // of what is sorted at a time when repeated text is sought
};

// What a tree and all that is measured on it takes for a node, at most.
inline constexpr std::uint64_t kBytesPerNode = 600;

// The shares of `memory_bytes`, the defaults above where it is 0 or plenty.
MemoryShares memory_shares(std::uint64_t memory_bytes);

// Below this a curation does not start: tables of languages and filters, the writer's shard, and
// what a worker needs for ordinary pages.
std::uint64_t least_curate_memory(int threads);

}  // namespace pith
