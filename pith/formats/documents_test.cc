#include "pith/formats/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/parquet.h"
#include "pith/formats/reading_error_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

Document full_document() {
  Document d;
  d.text = "line one\nline \"two\" \\ \t 中文 \U0001F600 \x01";
  d.id = "0123456789abcdef0123456789abcdef";
  d.url = "https://example.org/a?b=c";
  d.file_path = "pages/a.html";
  d.offset = 1ull << 40;
  d.date = "2024-05-01";
  d.title = "T";
  d.full_title = "T - S";
  d.author = "A";
  d.site = "S";
  d.license = "CC0";
  d.language = "zh-Hans";
  d.language_score = 0.1234567890123456789;
  d.languages = "en 0.71, de 0.29";
  d.format = "forum";
  d.format_score = 0.5;
  d.reading_level = 7.25;
  d.reading_level_score = 0.5;
  d.class_name = "recipe";
  d.class_score = 0.875;
  d.quality = 1e-17;
  d.cluster_size = 7;
  d.repeated_bytes = 678;
  d.raw_bytes = 12345;
  d.dropped_by = "filter";
  d.dropped_value = -0.5;
  d.dropped_threshold = 3;
  d.duplicate_of = "00112233445566778899aabbccddeeff";
  return d;
}

class DocumentsTest : public testing::TestWithParam<DocumentFormat> {
 protected:
  void SetUp() override {
    if (GetParam() == DocumentFormat::kParquet && !parquet_library()) {
      GTEST_SKIP() << parquet_library().error().message;
    }
  }

  Result<DocumentWriter> create(const std::string& folder, std::uint64_t shard_bytes = 64 << 20) {
    return DocumentWriter::create(
        folder, {.shard_bytes = shard_bytes, .format = GetParam(), .dropped = true});
  }

  void write_all(const std::string& folder, const std::vector<Document>& documents,
                 std::uint64_t shard_bytes = 64 << 20) {
    auto writer = create(folder, shard_bytes);
    ASSERT_TRUE(writer);
    for (const Document& document : documents) ASSERT_TRUE(writer->write(document));
    ASSERT_TRUE(writer->finish());
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, DocumentsTest,
                         testing::Values(DocumentFormat::kJsonLines, DocumentFormat::kParquet));

std::vector<std::string> texts(const std::string& path) {
  std::vector<std::string> all;
  auto reader = DocumentReader::open(path);
  EXPECT_TRUE(reader);
  Document document;
  while (true) {
    auto more = reader->next(document);
    EXPECT_TRUE(more) << more.error().message;
    if (!more || !*more) return all;
    all.push_back(document.text);
  }
}

TEST_P(DocumentsTest, EveryFieldComesBackAsWritten) {
  const std::string folder = test_path("round_trip");
  const Document written = full_document();
  write_all(folder, {written});
  auto reader = DocumentReader::open(folder);
  ASSERT_TRUE(reader);
  Document d;
  ASSERT_TRUE(*reader->next(d));
  EXPECT_EQ(d.text, written.text);
  EXPECT_EQ(d.id, written.id);
  EXPECT_EQ(d.url, written.url);
  EXPECT_EQ(d.file_path, written.file_path);
  EXPECT_EQ(d.offset, written.offset);
  EXPECT_EQ(d.date, written.date);
  EXPECT_EQ(d.title, written.title);
  EXPECT_EQ(d.full_title, written.full_title);
  EXPECT_EQ(d.author, written.author);
  EXPECT_EQ(d.site, written.site);
  EXPECT_EQ(d.license, written.license);
  EXPECT_EQ(d.language, written.language);
  EXPECT_EQ(d.language_score, written.language_score);
  EXPECT_EQ(d.languages, written.languages);
  EXPECT_EQ(d.format, written.format);
  EXPECT_EQ(d.format_score, written.format_score);
  EXPECT_EQ(d.reading_level, written.reading_level);
  EXPECT_EQ(d.reading_level_score, written.reading_level_score);
  EXPECT_EQ(d.class_name, written.class_name);
  EXPECT_EQ(d.class_score, written.class_score);
  EXPECT_EQ(d.quality, written.quality);
  EXPECT_EQ(d.cluster_size, written.cluster_size);
  EXPECT_EQ(d.repeated_bytes, written.repeated_bytes);
  EXPECT_EQ(d.raw_bytes, written.raw_bytes);
  EXPECT_EQ(d.dropped_by, written.dropped_by);
  EXPECT_EQ(d.dropped_value, written.dropped_value);
  EXPECT_EQ(d.dropped_threshold, written.dropped_threshold);
  EXPECT_EQ(d.duplicate_of, written.duplicate_of);
  EXPECT_FALSE(*reader->next(d));
  EXPECT_EQ(reader->bytes_read(), reader->bytes_total());
}

TEST_P(DocumentsTest, ShardsAreReadInOrderAndOldOnesGo) {
  const std::string folder = test_path("shards");
  std::vector<Document> documents(50);
  for (std::size_t i = 0; i < 50; ++i) documents[i].text = "document " + std::to_string(i);
  write_all(folder, documents, 100);
  const auto all = texts(folder);
  ASSERT_EQ(all.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(all[i], documents[i].text);
  EXPECT_GE(list_files(folder)->size(), 4u);
  write_all(folder, {documents[0]});
  EXPECT_EQ(texts(folder), std::vector<std::string>{"document 0"});
}

TEST_P(DocumentsTest, LinesAreCutIntoTheSameShardsAsDocuments) {
  const std::string one = test_path("documents"), many = test_path("lines");
  std::vector<Document> documents(50);
  std::string lines;
  for (std::size_t i = 0; i < 50; ++i) {
    documents[i].text = std::string(i, 'x');
    append_document(documents[i], lines);
  }
  write_all(one, documents, 200);
  auto writer = DocumentWriter::create(
      many, {.shard_bytes = 200, .threads = 3, .format = GetParam(), .dropped = true});
  ASSERT_TRUE(writer);
  const std::size_t half = lines.find('\n', lines.size() / 2) + 1;
  ASSERT_TRUE(writer->write_lines(std::string_view(lines).substr(0, half)));
  ASSERT_TRUE(writer->write_lines(std::string_view(lines).substr(half)));
  ASSERT_TRUE(writer->finish());
  const auto shards = list_files(one).value(), others = list_files(many).value();
  ASSERT_GT(shards.size(), 10u);
  ASSERT_EQ(others.size(), shards.size());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    EXPECT_EQ(read_file(others[i]).value(), read_file(shards[i]).value());
  }
}

TEST_P(DocumentsTest, NoDocumentsAreAReadableShard) {
  const std::string folder = test_path("none");
  write_all(folder, {});
  EXPECT_TRUE(texts(folder).empty());
}

TEST_P(DocumentsTest, AnUnfinishedShardIsNotThere) {
  const std::string folder = test_path("unfinished");
  {
    auto writer = create(folder);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(full_document()));
  }
  EXPECT_THAT(error_of_reading(folder), HasSubstr("holds no .jsonl"));
}

TEST_P(DocumentsTest, AFolderThatHoldsDocumentsIsReadThere) {
  const std::string folder = test_path("curated");
  Document kept, dropped;
  kept.text = "kept";
  dropped.text = "dropped";
  write_all(folder + "/documents", {kept});
  write_all(folder + "/dropped", {dropped});
  EXPECT_EQ(texts(folder), std::vector<std::string>{"kept"});
}

TEST(DocumentShardsTest, ThoseOfAnotherFormatGo) {
  if (!parquet_library()) GTEST_SKIP() << parquet_library().error().message;
  const std::string folder = test_path("formats");
  for (const DocumentFormat format : {DocumentFormat::kParquet, DocumentFormat::kJsonLines}) {
    auto writer = DocumentWriter::create(folder, {.format = format});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(full_document()));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(texts(folder).size(), 1u);
  }
}

TEST(DocumentShardsTest, AMissingPathSaysWhatIsWanted) {
  EXPECT_THAT(error_of_reading("/nowhere/at/all"), HasSubstr("/nowhere/at/all: does not exist"));
}

}  // namespace
}  // namespace pith
