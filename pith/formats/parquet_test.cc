#include "pith/formats/parquet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/parquet_file_test.h"

namespace pith {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::uint64_t kPageBytes = 1 << 26;

const std::vector<ParquetColumn> kColumns = {
    {.name = "text", .required = true},
    {.name = "kind", .few_values = true},
    {.name = "count", .type = ParquetType::kInteger},
    {.name = "score", .type = ParquetType::kNumber},
};

class ParquetTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!parquet_library()) GTEST_SKIP() << parquet_library().error().message;
  }

  std::string put(const std::string& bytes) {
    EXPECT_TRUE(write_file(path_, bytes));
    return path_;
  }

  Result<std::unique_ptr<ParquetReader>> open(const std::vector<ParquetColumn>& columns,
                                              std::uint64_t page_bytes = kPageBytes) {
    return (*parquet_library())->read(path_, columns, page_bytes);
  }

  std::string refused(const std::vector<ParquetColumn>& columns) {
    const auto reader = open(columns);
    return reader ? "" : reader.error().message;
  }

  const std::string path_ = test_path("a.parquet");
};

// `rows` times the same text, which must outlive them.
std::vector<std::vector<ParquetValue>> many_rows(const std::string& text, std::size_t rows) {
  return std::vector<std::vector<ParquetValue>>(rows, {std::string_view(text), {}, {}, {}});
}

TEST_F(ParquetTest, EveryStringIsThereWhateverItsColumn) {
  std::vector<std::string> texts;
  for (int i = 0; i < 600; ++i) texts.push_back("text " + std::to_string(i));
  std::vector<std::vector<ParquetValue>> rows;
  for (const std::string& text : texts) {
    rows.push_back({std::string_view(text), {}, std::int64_t{1}, 0.5});
    if (rows.size() % 2 == 0) rows.back()[1] = "kind";
  }
  put(parquet_bytes(kColumns, rows));
  std::vector<std::string> found;
  const auto take = [&](std::string_view text) -> Status {
    found.emplace_back(text);
    return {};
  };
  ASSERT_TRUE((*parquet_library())->for_each_string(path_, kPageBytes, take));
  ASSERT_EQ(found.size(), 900u);
  for (std::size_t i = 0; i < 600; ++i) EXPECT_EQ(found[i], texts[i]);
  for (std::size_t i = 600; i < 900; ++i) EXPECT_EQ(found[i], "kind");

  int calls = 0;
  const Status ended = (*parquet_library())->for_each_string(path_, kPageBytes, [&](auto) {
    ++calls;
    return Status(input_error("enough"));
  });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "enough");
  EXPECT_EQ(calls, 1);
  const Status small = (*parquet_library())->for_each_string(path_, 1000, take);
  ASSERT_FALSE(small);
  EXPECT_EQ(small.error().kind, ErrorKind::kFormat);
}

TEST_F(ParquetTest, RowsComeBackWithTheirNulls) {
  std::vector<std::vector<ParquetValue>> rows;
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back("text " + std::to_string(i));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    std::vector<ParquetValue> row = {std::string_view(texts[i]), {}, {}, {}};
    if (i % 2 == 0) row[1] = std::string_view(i % 3 == 0 ? "three" : "");
    if (i % 5 == 0) row[2] = -number;
    if (i % 7 == 0) row[3] = 0.5 * static_cast<double>(i);
    rows.push_back(row);
  }
  put(parquet_bytes(kColumns, rows));
  const auto reader = open(kColumns);
  ASSERT_TRUE(reader);
  std::vector<ParquetValue> row;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_TRUE(*(*reader)->next(row)) << i;
    ASSERT_EQ(row, rows[i]) << i;
    ASSERT_EQ((*reader)->row_number(), i);
  }
  EXPECT_FALSE(*(*reader)->next(row));
  EXPECT_EQ((*reader)->file_offset(), *file_size(path_));
}

TEST_F(ParquetTest, TheSameRowsGiveTheSameBytes) {
  const std::string text(1000, 'x');
  const auto rows = many_rows(text, 40);
  EXPECT_EQ(parquet_bytes(kColumns, rows), parquet_bytes(kColumns, rows));
}

TEST_F(ParquetTest, ColumnsOfAnotherTypeAreNullWhereNothingRequiresThem) {
  put(parquet_bytes(kColumns, {{"a", "b", std::int64_t{3}, 0.5}}));
  const auto reader = open({{.name = "score"},
                            {.name = "count", .type = ParquetType::kNumber},
                            {.name = "score", .type = ParquetType::kInteger},
                            {.name = "none"}});
  ASSERT_TRUE(reader);
  std::vector<ParquetValue> row;
  ASSERT_TRUE(*(*reader)->next(row));
  EXPECT_EQ(row, (std::vector<ParquetValue>{{}, std::int64_t{3}, {}, {}}));
}

TEST_F(ParquetTest, ARequiredColumnThatIsNotThereIsSaidWithThoseThatCouldBe) {
  put(parquet_bytes(kColumns, {}));
  EXPECT_THAT(refused({{.name = "body", .required = true}}),
              AllOf(HasSubstr(path_), HasSubstr("no column \"body\""),
                    HasSubstr("--text-field names one of: text, kind")));
  EXPECT_THAT(refused({{.name = "count", .required = true}}),
              HasSubstr("\"count\" holds no strings but INT64"));
}

TEST_F(ParquetTest, WhatIsCutOrNotParquetIsSaid) {
  const std::string whole = parquet_bytes(kColumns, many_rows("text", 100));
  for (const std::string& bytes :
       {whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 1), std::string("PAR1"),
        std::string(), std::string("a,b\n1,2\n")}) {
    put(bytes);
    EXPECT_THAT(refused(kColumns), AllOf(HasSubstr(path_), HasSubstr("no whole Parquet file")));
  }
}

TEST_F(ParquetTest, AfterDamageTheNextRowGroupIsRead) {
  std::string noise(1 << 20, ' ');  // is not compressed away
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>('a' + ((state = state * 1664525 + 1013904223) >> 28));
  std::string bytes = parquet_bytes(kColumns, many_rows(noise, 20));  // 16 rows, then 4
  bytes[1000] = static_cast<char>(bytes[1000] ^ 1);
  put(bytes);
  const auto reader = open(kColumns);
  ASSERT_TRUE(reader);
  std::vector<ParquetValue> row;
  const auto first = (*reader)->next(row);
  ASSERT_FALSE(first);
  EXPECT_THAT(first.error().message, HasSubstr("a.parquet row 0: is damaged"));
  EXPECT_EQ((*reader)->row_number(), 0u);
  for (std::uint64_t i = 16; i < 20; ++i) {
    ASSERT_TRUE(*(*reader)->next(row));
    EXPECT_EQ((*reader)->row_number(), i);
  }
  EXPECT_FALSE(*(*reader)->next(row));
}

TEST_F(ParquetTest, APageBeyondTheBoundIsSaid) {
  put(parquet_bytes(kColumns, many_rows(std::string(1 << 20, 'x'), 10)));
  const auto reader = open(kColumns, 4 << 20);
  ASSERT_TRUE(reader);
  std::vector<ParquetValue> row;
  const auto more = (*reader)->next(row);
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message, HasSubstr("--memory"));
}

TEST_F(ParquetTest, AFileIsKnownByItsFirstBytesOrItsName) {
  const std::string bytes = parquet_bytes(kColumns, {});
  const std::string other = test_path("shard");
  ASSERT_TRUE(write_file(other, bytes));
  EXPECT_TRUE(is_parquet_file(other));
  EXPECT_TRUE(is_parquet_file("/nowhere/a.parquet"));
  EXPECT_FALSE(is_parquet_file("/nowhere/a.jsonl"));
  ASSERT_TRUE(write_file(other, "{}"));
  EXPECT_FALSE(is_parquet_file(other));
}

}  // namespace
}  // namespace pith
