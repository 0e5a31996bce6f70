#include "pith/curate/ingest/file_format.h"

#include <gtest/gtest.h>

#include <string>

namespace pith {
namespace {

FileFormat format(std::string_view path, std::string_view head) {
  return file_format(path, head, false);
}

TEST(FileFormatTest, TheNameSaysWhatTheBytesLeaveOpen) {
  const std::string_view text = "some words";
  EXPECT_EQ(format("a.html", text), FileFormat::kHtml);
  EXPECT_EQ(format("A.HTM", text), FileFormat::kHtml);
  EXPECT_EQ(format("dir.html/a.txt", text), FileFormat::kText);
  EXPECT_EQ(format("a.md", text), FileFormat::kMarkdown);
  EXPECT_EQ(format("a.jsonl", text), FileFormat::kJsonLines);
  EXPECT_EQ(format("README", text), FileFormat::kText);
  EXPECT_EQ(format(".hidden", text), FileFormat::kText);
  EXPECT_EQ(format("a.warc", text), FileFormat::kWarc);
}

TEST(FileFormatTest, CompressionIsNoPartOfTheName) {
  EXPECT_EQ(format("a.jsonl.gz", "x"), FileFormat::kJsonLines);
  EXPECT_EQ(format("a.md.zst", "x"), FileFormat::kMarkdown);
  EXPECT_EQ(format("a.gz", "x"), FileFormat::kText);
}

TEST(FileFormatTest, UnmistakableBytesHaveTheLastWord) {
  EXPECT_EQ(format("a.txt", "WARC/1.0\r\n"), FileFormat::kWarc);
  EXPECT_EQ(format("a.dat", "\xEF\xBB\xBF \n<!DOCTYPE HTML><p>"), FileFormat::kHtml);
  EXPECT_EQ(format("a.txt", "<HTML lang=en>"), FileFormat::kHtml);
  EXPECT_EQ(format("a.html", "%PDF-1.5"), FileFormat::kBinary);
  EXPECT_EQ(format("a.txt", "PK\x03\x04"), FileFormat::kBinary);
  EXPECT_EQ(format("crawl", "{\"text\": 1}"), FileFormat::kJsonLines);
  EXPECT_EQ(format("a.arc", "filedesc://x"), FileFormat::kArc);
  EXPECT_EQ(format("shard-0", "PAR1\x15\x04"), FileFormat::kParquet);
  EXPECT_EQ(format("a.parquet", "\x15\x04"), FileFormat::kParquet);  // says what is wrong with it
  EXPECT_EQ(format("a.html", ""), FileFormat::kEmpty);
}

TEST(FileFormatTest, ControlCharactersAreNoText) {
  EXPECT_EQ(format("a.txt", std::string(100, 'x') + std::string("\0y", 2) + std::string(100, 'x')),
            FileFormat::kBinary);
  EXPECT_EQ(format("a.txt", std::string(95, 'x') + std::string(5, '\x01')), FileFormat::kText);
  EXPECT_EQ(format("a.txt", std::string(94, 'x') + std::string(6, '\x01')), FileFormat::kBinary);
  EXPECT_EQ(format("a.txt", std::string("h\0e\0l\0l\0o\0", 10)), FileFormat::kText);  // UTF-16
  EXPECT_EQ(format("a.txt", "caf\xE9 \x1B$B tabs\t"), FileFormat::kText);
}

TEST(FileFormatTest, AnUnknownNameIsReadWhenTheUserNamedTheFile) {
  EXPECT_EQ(file_format("notes.org", "words", false), FileFormat::kUnknown);
  EXPECT_EQ(file_format("notes.org", "words", true), FileFormat::kText);
  EXPECT_EQ(file_format("a.png", "\x89PNG", true), FileFormat::kBinary);
}

TEST(FileFormatTest, EveryReasonToSkipIsNamed) {
  EXPECT_EQ(skip_reason(FileFormat::kEmpty), "empty");
  EXPECT_EQ(skip_reason(FileFormat::kBinary), "binary");
  EXPECT_EQ(skip_reason(FileFormat::kUnknown), "unknown type");
  EXPECT_NE(skip_reason(FileFormat::kArc).find("ARC"), std::string::npos);
}

}  // namespace
}  // namespace pith
