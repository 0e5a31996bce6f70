#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pith/formats/parquet.h"

// Parquet files made on the spot, for the tests of reading them.
namespace pith {

// What a writer gives it, in memory.
class MemorySink final : public ParquetSink {
 public:
  Status write(std::string_view some) override {
    bytes += some;
    return {};
  }
  std::string bytes;
};

inline std::string parquet_bytes(const std::vector<ParquetColumn>& columns,
                                 const std::vector<std::vector<ParquetValue>>& rows) {
  MemorySink sink;
  const auto writer = (*parquet_library())->write(sink, columns);
  EXPECT_TRUE(writer);
  for (const auto& row : rows) EXPECT_TRUE((*writer)->write(row));
  EXPECT_TRUE((*writer)->finish());
  return sink.bytes;
}

}  // namespace pith
