#include <gtest/gtest.h>

#include <string>

#include "pith/curate/ingest/raw_reader_test.h"

namespace pith {
namespace {

using PageSourceTest = RawReaderTest;

TEST_F(PageSourceTest, NamesAFileThatIsTooLarge) {
  IngestOptions options;
  options.max_record_bytes = 10000;
  put("a.txt", std::string(10001, 'x'));
  put("b.txt.gz", gzip(std::string(5000000, 'x')));
  put("c.txt", std::string(10000, 'x'));
  EXPECT_EQ(read({folder_}, options).size(), 1u);
  EXPECT_EQ(statistics_.broken, 2u);
  EXPECT_EQ(statistics_.first_broken[0].file_path, folder_ + "/a.txt");
  EXPECT_NE(first_reason().find("larger than 10000"), std::string::npos);
}

TEST_F(PageSourceTest, AFileIsOneRecordByteForByte) {
  const std::string bytes = std::string("<p>a\r\n\xFF") + std::string(300'000, 'x') + "\n";
  const auto records = read({put("a.html", bytes), put("b.html.zst", zstd(bytes))});
  ASSERT_EQ(records.size(), 2u);
  for (const RawRecord& record : records) {
    EXPECT_EQ(record.bytes, bytes);
    EXPECT_EQ(record.kind, RawKind::kHtml);
    EXPECT_EQ(record.offset, 0u);
    EXPECT_EQ(record.url, "");
  }
}

TEST_F(PageSourceTest, OfAPageCutShortComesWhatIsThere) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i * 7919) + " ";
  const std::string packed = gzip(text);
  const auto records = read({put("a.txt.gz", packed.substr(0, packed.size() / 2))});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_GT(records[0].bytes.size(), 1000u);
  EXPECT_TRUE(text.starts_with(records[0].bytes));
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_NE(first_reason().find("ends in the middle"), std::string::npos) << first_reason();
}

}  // namespace
}  // namespace pith
