#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/documents.h"
#include "pith/formats/reading_error_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(JsonDocumentsTest, WhatIsEmptyIsLeftOut) {
  Document document;
  document.text = "a\n\"b\"";
  std::string line;
  append_document(document, line);
  EXPECT_EQ(line, "{\"text\":\"a\\n\\\"b\\\"\",\"cluster_size\":1}\n");
}

TEST(JsonDocumentsTest, ForeignLinesNeedOnlyTheirTextField) {
  const std::string folder = test_path("foreign");
  ASSERT_TRUE(make_folders(folder));
  const std::string path = folder + "/a.jsonl";
  ASSERT_TRUE(write_file(path,
                         "{\"id\": 12, \"meta\": {\"x\": [1, {}]}, \"url\": null, \"body\": "
                         "\"\\u4e2d\\ud83d\\ude00\"}\r\n\n{\"body\": \"b\"}"));
  auto reader = DocumentReader::open(path, {.text_field = "body"});
  ASSERT_TRUE(reader);
  Document d;
  ASSERT_TRUE(*reader->next(d));
  EXPECT_EQ(d.text, "中\U0001F600");
  EXPECT_EQ(d.id, "");
  ASSERT_TRUE(*reader->next(d));
  EXPECT_EQ(d.text, "b");
  EXPECT_FALSE(*reader->next(d));
}

TEST(JsonDocumentsTest, BadLinesAreNamedOrCounted) {
  const std::string folder = test_path("bad");
  ASSERT_TRUE(make_folders(folder));
  for (const char* bad : {"{\"text\": \"cut", "[1]", "{\"other\": 1}", "{\"text\": 5}",
                          "{\"text\": \"\xff\"}", "{\"text\": \"a\"} {}", "nonsense"}) {
    const std::string path = folder + "/bad.jsonl";
    ASSERT_TRUE(write_file(path, "{\"text\": \"one\"}\n" + std::string(bad) +
                                     "\n"
                                     "{\"text\": \"two\"}\n"));
    EXPECT_THAT(error_of_reading(path), HasSubstr("bad.jsonl line 2")) << bad;
    auto reader = DocumentReader::open(path, {.skip_bad_lines = true});
    ASSERT_TRUE(reader);
    Document d;
    ASSERT_TRUE(*reader->next(d));
    ASSERT_TRUE(*reader->next(d)) << bad;
    EXPECT_EQ(d.text, "two");
    EXPECT_FALSE(*reader->next(d));
    EXPECT_EQ(reader->bad_lines(), 1u) << bad;
  }
}

TEST(JsonDocumentsTest, ALineBeyondTheBoundIsSaidOrCounted) {
  const std::string folder = test_path("long");
  ASSERT_TRUE(make_folders(folder));
  const std::string path = folder + "/long.jsonl";
  ASSERT_TRUE(
      write_file(path, "{\"text\": \"" + std::string(5000, 'a') + "\"}\n{\"text\": \"b\"}\n"));
  auto strict = DocumentReader::open(path, {.max_line_bytes = 1000});
  ASSERT_TRUE(strict);
  Document d;
  EXPECT_FALSE(strict->next(d));
  auto lenient = DocumentReader::open(path, {.skip_bad_lines = true, .max_line_bytes = 1000});
  ASSERT_TRUE(lenient);
  ASSERT_TRUE(*lenient->next(d));
  EXPECT_EQ(d.text, "b");
  EXPECT_EQ(lenient->bad_lines(), 1u);
}

}  // namespace
}  // namespace pith
