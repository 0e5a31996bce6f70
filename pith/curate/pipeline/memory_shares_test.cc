#include "pith/curate/pipeline/memory_shares.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(MemorySharesTest, NoBoundGivesTheDefaults) {
  const MemoryShares shares = memory_shares(0);
  EXPECT_EQ(shares.max_record_bytes, 64u << 20);
  EXPECT_EQ(shares.max_page_nodes, 2'500'000u);
}

TEST(MemorySharesTest, PlentyTakesNothingFromARecord) {
  const MemoryShares shares = memory_shares(4ull << 30);
  EXPECT_EQ(shares.max_record_bytes, memory_shares(0).max_record_bytes);
  EXPECT_EQ(shares.max_page_nodes, memory_shares(0).max_page_nodes);
}

TEST(MemorySharesTest, AllSharesTogetherStayBelowTheBound) {
  for (const std::uint64_t memory : {288ull << 20, 400ull << 20, 1ull << 30, 64ull << 30}) {
    const MemoryShares shares = memory_shares(memory);
    EXPECT_LE(8 * shares.raw_bytes + shares.page_bytes + (64 << 20), memory) << memory;
    EXPECT_LE(shares.max_record_bytes, shares.raw_bytes);
    EXPECT_LE(shares.max_page_nodes * kBytesPerNode, shares.page_bytes);
    EXPECT_GE(shares.max_record_bytes, 1u << 20);  // ordinary pages always fit
    EXPECT_GE(shares.max_page_nodes, 100'000u);
    EXPECT_GE(shares.max_parquet_page_bytes, 32u << 20);  // a thousand ordinary texts
  }
}

TEST(MemorySharesTest, EveryThreadNeedsSomeOfIt) {
  EXPECT_GT(least_curate_memory(2), least_curate_memory(1));
}

}  // namespace
}  // namespace pith
