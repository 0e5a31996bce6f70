#include "pith/curate/pipeline/memory_shares.h"

#include <algorithm>

namespace pith {

MemoryShares memory_shares(std::uint64_t memory_bytes) {
  constexpr std::uint64_t kBaseMemory = 128 << 20;  // tables, code, the writer's buffers
  MemoryShares shares;
  if (memory_bytes == 0) return shares;
  const std::uint64_t left = memory_bytes - std::min(memory_bytes, kBaseMemory);
  // A raw byte is there as read, as characters, as text and as JSON; some pages are mostly
  // attributes.
  shares.raw_bytes = left / 16;
  shares.max_record_bytes = std::min(shares.max_record_bytes, shares.raw_bytes);
  shares.page_bytes = left / 2;
  shares.max_page_nodes = std::min(shares.max_page_nodes, shares.page_bytes / kBytesPerNode);
  shares.max_parquet_page_bytes = std::min(shares.max_parquet_page_bytes, shares.page_bytes / 2);
  shares.sort_bytes = std::min(shares.sort_bytes, left / 4);
  return shares;
}

std::uint64_t least_curate_memory(int threads) {
  return (256ull << 20) + static_cast<std::uint64_t>(threads) * (32ull << 20);
}

}  // namespace pith
