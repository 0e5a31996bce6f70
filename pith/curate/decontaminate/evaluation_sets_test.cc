#include "pith/curate/decontaminate/evaluation_sets.h"

#include <gmock/gmock.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/formats/parquet_file_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class EvaluationSetsTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = join_path(folder_, name);
    EXPECT_TRUE(write_file(path, text));
    return path;
  }
  std::string refused(const std::string& path) {
    const auto sets = read_evaluation_sets({path}, {}, Context{});
    return sets ? "" : sets.error().message;
  }
  const std::string folder_ = test_folder();
};

constexpr const char* kOne = "How many apples does the farmer have in his garden?";
constexpr const char* kTwo = "Which of the two rivers flows into the northern sea?";

TEST_F(EvaluationSetsTest, EveryStringOfEveryRecordIsAnItemOnce) {
  const std::string path =
      file("a.jsonl", std::string("{\"q\": \"") + kOne + "\", \"choices\": [\"yes\", \"" + kTwo +
                          "\"]}\n\n{\"q\": {\"text\": \"" + kOne + "\"}}\n");
  const auto sets = read_evaluation_sets({path}, {}, Context{});
  ASSERT_TRUE(sets) << sets.error().message;
  ASSERT_EQ(sets->sets.size(), 1u);
  EXPECT_EQ(sets->sets[0].items, 2u);
  EXPECT_EQ(sets->sets[0].too_short, 1u);  // "yes"
  OverlapIndex::Scratch scratch;
  EXPECT_EQ(sets->index.find(std::string("So: ") + kTwo, scratch).size(), 1u);
}

TEST_F(EvaluationSetsTest, JsonArraysAndTextAreRead) {
  const std::string json = file("a.json", std::string("[{\"q\":\"") + kOne + "\"}]");
  const std::string text = file("b.txt", std::string(kTwo) + "\nshort\n");
  const auto sets = read_evaluation_sets({json, text}, {}, Context{});
  ASSERT_TRUE(sets) << sets.error().message;
  ASSERT_EQ(sets->sets.size(), 2u);
  EXPECT_EQ(sets->set_of(0).path, json);
  EXPECT_EQ(sets->set_of(1).path, text);
}

TEST_F(EvaluationSetsTest, ASetGivenTwiceIsOne) {
  const std::string path = file("a.txt", std::string(kOne) + "\n");
  const auto sets = read_evaluation_sets({path, path}, {}, Context{});
  ASSERT_TRUE(sets) << sets.error().message;
  EXPECT_EQ(sets->index.items(), 1u);
  EXPECT_EQ(sets->sets.size(), 1u);
}

TEST_F(EvaluationSetsTest, AJsonFileMayHoldALineARecord) {
  const std::string path =
      file("c.json", std::string("{\"q\":\"") + kOne + "\"}\n{\"q\":\"" + kTwo + "\"}\n");
  const auto sets = read_evaluation_sets({path}, {}, Context{});
  ASSERT_TRUE(sets) << sets.error().message;
  EXPECT_EQ(sets->sets[0].items, 2u);
}

TEST_F(EvaluationSetsTest, EveryStringOfEveryColumnOfParquetIsAnItem) {
  if (!parquet_library()) GTEST_SKIP() << parquet_library().error().message;
  const std::string bytes = parquet_bytes(
      {{.name = "question"}, {.name = "level", .type = ParquetType::kInteger}, {.name = "answer"}},
      {{std::string_view(kOne), std::int64_t{3}, "yes"}, {{}, std::int64_t{4}, kTwo}});
  const std::string path = file("a.parquet", bytes), unnamed = file("0000", bytes);
  const auto sets = read_evaluation_sets({path}, {}, Context{});
  ASSERT_TRUE(sets) << sets.error().message;
  ASSERT_EQ(sets->sets.size(), 1u);
  EXPECT_EQ(sets->sets[0].items, 2u);
  EXPECT_EQ(sets->sets[0].too_short, 1u);  // "yes"
  OverlapIndex::Scratch scratch;
  EXPECT_EQ(sets->index.find(std::string("So: ") + kTwo, scratch).size(), 1u);
  EXPECT_TRUE(read_evaluation_sets({unnamed}, {}, Context{}));
  const std::string cut = file("cut.parquet", bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(refused(cut), HasSubstr("cut.parquet: is no whole Parquet file"));
  const std::string numbers =
      file("n.parquet",
           parquet_bytes({{.name = "n", .type = ParquetType::kInteger}}, {{std::int64_t{1}}}));
  EXPECT_THAT(refused(numbers), HasSubstr("gives no text of 5 words"));
}

TEST_F(EvaluationSetsTest, WhatIsNoSetIsRefusedWithItsPlace) {
  EXPECT_THAT(refused(file("d.jsonl", "{\"q\": \"a\"}\n{\"q\": ")), HasSubstr("d.jsonl line 2"));
  EXPECT_THAT(refused(file("e.json", "[1, 2")), HasSubstr("e.json"));
  EXPECT_THAT(refused(file("f.txt", "yes\nno\n")), HasSubstr("gives no text of 5 words"));
  EXPECT_THAT(refused(join_path(folder_, "none.jsonl")), HasSubstr("none.jsonl"));
}

}  // namespace
}  // namespace pith
