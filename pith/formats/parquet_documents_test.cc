#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/documents.h"
#include "pith/formats/parquet.h"
#include "pith/formats/parquet_file_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class ParquetDocumentsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!parquet_library()) GTEST_SKIP() << parquet_library().error().message;
  }
  const std::string path_ = test_path("a.parquet");
};

TEST_F(ParquetDocumentsTest, OnlyDroppedDocumentsHaveTheColumnsOfTheDropped) {
  for (const bool dropped : {false, true}) {
    const std::string folder = test_path("documents");
    auto writer =
        DocumentWriter::create(folder, {.format = DocumentFormat::kParquet, .dropped = dropped});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->finish());
    const auto reader =
        (*parquet_library())
            ->read(folder + "/00000.parquet", {{.name = "dropped_by", .required = true}}, 1 << 20);
    EXPECT_EQ(reader.ok(), dropped);
  }
}

TEST_F(ParquetDocumentsTest, ForeignRowsNeedOnlyTheirText) {
  // `id` and `raw_bytes` are other things here, and `text` is no text.
  ASSERT_TRUE(write_file(
      path_, parquet_bytes({{.name = "id", .type = ParquetType::kInteger},
                            {.name = "raw_bytes", .type = ParquetType::kInteger},
                            {.name = "text"},
                            {.name = "content"},
                            {.name = "quality", .type = ParquetType::kInteger}},
                           {{std::int64_t{7}, std::int64_t{-1}, "no", "yes", std::int64_t{1}}})));
  auto reader = DocumentReader::open(path_, {.text_field = "content"});
  ASSERT_TRUE(reader);
  Document document;
  ASSERT_TRUE(*reader->next(document));
  EXPECT_EQ(document.text, "yes");
  EXPECT_EQ(document.id, "");
  EXPECT_EQ(document.raw_bytes, 0u);
  EXPECT_EQ(document.quality, 1.0);
  EXPECT_FALSE(*reader->next(document));
}

TEST_F(ParquetDocumentsTest, RowsWithoutTextAreNamedOrCounted) {
  for (const ParquetValue& bad : {ParquetValue(), ParquetValue(std::string_view("\xff"))}) {
    ASSERT_TRUE(write_file(path_, parquet_bytes({{.name = "text"}}, {{"one"}, {bad}, {"two"}})));
    auto strict = DocumentReader::open(path_);
    ASSERT_TRUE(strict);
    Document document;
    ASSERT_TRUE(*strict->next(document));
    const auto second = strict->next(document);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("a.parquet row 1: column \"text\" is "));
    auto lenient = DocumentReader::open(path_, {.skip_bad_lines = true});
    ASSERT_TRUE(lenient);
    ASSERT_TRUE(*lenient->next(document));
    ASSERT_TRUE(*lenient->next(document));
    EXPECT_EQ(document.text, "two");
    EXPECT_FALSE(*lenient->next(document));
    EXPECT_EQ(lenient->bad_lines(), 1u);
  }
}

}  // namespace
}  // namespace pith
