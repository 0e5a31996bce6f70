#include <gtest/gtest.h>

#include <string>

#include "pith/curate/ingest/raw_reader_test.h"

namespace pith {
namespace {

using JsonSourceTest = RawReaderTest;

TEST_F(JsonSourceTest, CountsBrokenLinesAndGoesOn) {
  IngestOptions options;
  options.max_record_bytes = 1000;
  const std::string path = put(
      "a.jsonl",
      "\xEF\xBB\xBF{\"text\": \"one\"}\r\n\n[1]\n{\"text\": 5}\n{\"other\": \"x\"}\n{\"text\": "
      "\"cut\n{\"text\": \"a\"} {\"text\": \"b\"}\n{\"text\": \"" +
          std::string(5000, 'y') + "\"}\n{\"text\": \"bad \xFF byte\", \"meta\": {\"text\": 1}}\n" +
          "{\"text\": \"sm\\u00f6rg\\u00e5s \\ud83d\\ude00\"}");
  const auto records = read({path}, options);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].bytes, "one");
  EXPECT_EQ(records[1].bytes, "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(records[2].bytes, "smörgås 😀");
  EXPECT_EQ(statistics_.broken, 6u);
  EXPECT_NE(first_reason().find("line 3: not a JSON object"), std::string::npos) << first_reason();
  EXPECT_NE(statistics_.first_broken[2].reason.find("--text-field"), std::string::npos);
  EXPECT_NE(statistics_.first_broken[5].reason.find("longer than"), std::string::npos);
}

TEST_F(JsonSourceTest, ReadsAnotherTextField) {
  IngestOptions options;
  options.text_field = "content";
  const auto records = read({put("a.json", R"({"text": "no", "content": "yes"})")}, options);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].bytes, "yes");
}

TEST_F(JsonSourceTest, DeliversWhatCameBeforeATruncation) {
  std::string lines;
  for (int i = 0; i < 20000; ++i) lines += "{\"text\": \"" + std::to_string(i * 7919) + "\"}\n";
  for (const std::string& packed : {gzip(lines), zstd(lines)}) {
    const auto records = read({put("a.jsonl", packed.substr(0, packed.size() / 2))});
    EXPECT_GT(records.size(), 5000u);
    EXPECT_EQ(statistics_.broken, 1u);
    EXPECT_NE(first_reason().find("ends in the middle"), std::string::npos) << first_reason();
  }
}

TEST_F(JsonSourceTest, TellsWhereEveryRecordBegins) {
  const std::string first = "{\"text\": \"one\"}\n", bad = "{}\n";
  const auto records = read({put("a.jsonl.gz", gzip(first + bad + "{\"text\": \"two\"}"))});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].offset, 0u);
  EXPECT_EQ(records[1].offset, first.size() + bad.size());  // after decompression
  EXPECT_EQ(records[1].file_path, folder_ + "/a.jsonl.gz");
  EXPECT_EQ(records[1].kind, RawKind::kJsonText);
  ASSERT_EQ(statistics_.first_broken.size(), 1u);
  EXPECT_EQ(statistics_.first_broken[0].offset, first.size());
}

TEST_F(JsonSourceTest, OneValueOverManyLinesIsOneBrokenRecord) {
  const auto records =
      read({put("a.json", "\xEF\xBB\xBF{ \r\n  \"text\": \"one\",\n  \"x\": [\n]}\n"),
            put("b.json", "[\n{\"text\": \"two\"},\n{\"text\": \"three\"}]\n")});
  EXPECT_EQ(records.size(), 0u);
  EXPECT_EQ(statistics_.broken, 2u);
  EXPECT_NE(first_reason().find("one object per line"), std::string::npos) << first_reason();
  // A torn line further down says nothing about the file.
  EXPECT_EQ(read({put("c.jsonl", "{\"text\": \"a\"}\n{\n{\"text\": \"b\"}\n")}).size(), 2u);
}

TEST_F(JsonSourceTest, FieldsOfOtherTypesAreNotTaken) {
  const auto records =
      read({put("a.jsonl", R"({"id": 7, "url": null, "title": ["x"], "text": "t", "date": 1})"
                           "\n"
                           R"({"text": "u"})")});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].bytes, "t");
  EXPECT_EQ(records[0].id + records[0].url + records[0].title + records[0].date, "");
  EXPECT_EQ(records[1].bytes, "u");
}

}  // namespace
}  // namespace pith
