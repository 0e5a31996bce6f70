#include <gmock/gmock.h>

#include "pith/curate/ingest/raw_reader_test.h"
#include "pith/formats/parquet.h"
#include "pith/formats/parquet_file_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class ParquetSourceTest : public RawReaderTest {
 protected:
  void SetUp() override {
    if (!parquet_library()) GTEST_SKIP() << parquet_library().error().message;
  }
};

TEST_F(ParquetSourceTest, ARowIsARecord) {
  const std::string path = put(
      "a.parquet",
      parquet_bytes(
          {{.name = "url"}, {.name = "text"}, {.name = "date"}, {.name = "id"}, {.name = "title"}},
          {{"u", "one", "d", "i", "t"}, {{}, {}, {}, {}, {}}, {{}, "two \xff", {}, {}, {}}}));
  const auto records = read({path});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].bytes, "one");
  EXPECT_EQ(records[0].url, "u");
  EXPECT_EQ(records[0].date, "d");
  EXPECT_EQ(records[0].id, "i");
  EXPECT_EQ(records[0].title, "t");
  EXPECT_EQ(records[0].file_path, path);
  EXPECT_EQ(records[0].offset, 0u);
  EXPECT_EQ(records[1].bytes, "two \uFFFD");
  EXPECT_EQ(records[1].url, "");
  EXPECT_EQ(records[1].offset, 2u);
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_EQ(statistics_.first_broken[0].offset, 1u);
  EXPECT_THAT(first_reason(), HasSubstr("row 1: no string in column \"text\""));
}

TEST_F(ParquetSourceTest, AFileWithoutTheTextIsOneBrokenRecord) {
  const std::string path = put("a.parquet", parquet_bytes({{.name = "body"}}, {{"a"}, {"b"}}));
  EXPECT_TRUE(read({path}).empty());
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_THAT(first_reason(), HasSubstr("--text-field names one of: body"));
  EXPECT_EQ(read({path}, {.text_field = "body"}).size(), 2u);
}

TEST_F(ParquetSourceTest, ALongTextIsBrokenAndTheNextIsRead) {
  const std::string text(200, 'a');
  const auto records =
      read({put("a.parquet", parquet_bytes({{.name = "text"}}, {{std::string_view(text)}, {"b"}}))},
           {.max_record_bytes = 100});
  ASSERT_EQ(records.size(), 1u) << first_reason();
  EXPECT_EQ(records[0].bytes, "b");
  EXPECT_THAT(first_reason(), HasSubstr("row 0: the text is longer than 100 bytes"));
}

TEST_F(ParquetSourceTest, ACutFileIsBrokenAndOthersAreRead) {
  const std::string whole = parquet_bytes({{.name = "text"}}, {{"a"}});
  put("in/a.parquet", whole.substr(0, whole.size() - 8));
  put("in/b.parquet", whole);
  put("in/c.parquet", "");
  EXPECT_EQ(read({folder_ + "/in"}).size(), 1u);
  EXPECT_EQ(statistics_.broken, 1u);
  EXPECT_THAT(first_reason(), HasSubstr("no whole Parquet file"));
  EXPECT_EQ(statistics_.skipped_files.at("empty"), 1u);
}

TEST_F(ParquetSourceTest, ReadingGoesOnAtARow) {
  const std::string path =
      put("a.parquet", parquet_bytes({{.name = "text"}}, {{"a"}, {{}}, {"b"}, {"c"}}));
  Result<RawReader> reader = RawReader::open({path}, "text");
  ASSERT_TRUE(reader);
  RawRecord record;
  ASSERT_TRUE(*reader->next(record));
  ASSERT_TRUE(*reader->next(record));
  Result<RawReader> again = RawReader::open({path}, "text");
  ASSERT_TRUE(again);
  ASSERT_TRUE(again->seek(reader->cursor()));
  ASSERT_TRUE(*again->next(record));
  EXPECT_EQ(record.bytes, "c");
}

}  // namespace
}  // namespace pith
