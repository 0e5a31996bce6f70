#include "pith/formats/tensorboard.h"

#include <gtest/gtest.h>

#include <cstring>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

TEST(TensorboardTest, Crc32cFollowsItsPublishedValues) {
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(TensorboardTest, RecordsAreFramedAndComplete) {
  const std::string path = test_path("events.out.tfevents.x");
  {
    auto writer = TensorboardWriter::create(path, 1.5);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->scalar("train/loss", 2.5, 300, 2.5));
    ASSERT_TRUE(writer->text("sample", "Grüße\n\xe4\xb8\xad", 1, 3));
  }
  const std::string bytes = *read_file(path);
  std::size_t at = 0, records = 0;
  while (at < bytes.size()) {
    std::uint64_t length = 0;
    std::uint32_t length_crc = 0, data_crc = 0;
    ASSERT_LE(at + 16, bytes.size());
    std::memcpy(&length, bytes.data() + at, 8);
    std::memcpy(&length_crc, bytes.data() + at + 8, 4);
    ASSERT_LE(at + 16 + length, bytes.size());
    const std::string_view data = std::string_view(bytes).substr(at + 12, length);
    std::memcpy(&data_crc, data.data() + length, 4);
    EXPECT_EQ(length_crc, masked_crc32c(std::string_view(bytes).substr(at, 8)));
    EXPECT_EQ(data_crc, masked_crc32c(data));
    if (records == 1) {
      EXPECT_NE(data.find("train/loss"), std::string_view::npos);
      EXPECT_EQ(data.substr(9, 3), std::string_view("\x10\xac\x02"));  // step 300 as a varint
    }
    at += 16 + length;
    ++records;
  }
  EXPECT_EQ(records, 3u);
}

TEST(TensorboardTest, AMissingFolderIsAnError) {
  EXPECT_FALSE(TensorboardWriter::create("/nowhere/events.out.tfevents", 0));
}

}  // namespace
}  // namespace pith
