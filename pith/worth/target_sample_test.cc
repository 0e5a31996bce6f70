#include "pith/worth/target_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

TEST(TargetSampleTest, OrderAndCopiesDoNotMatter) {
  const std::string a = "{\"text\":\"one text\"}\n", b = "{\"text\":\"another\"}\n";
  ASSERT_TRUE(write_file(test_path("ab.jsonl"), a + b));
  ASSERT_TRUE(write_file(test_path("bab.jsonl"), b + a + b));
  const auto first =
      sample_target(test_path("ab.jsonl"), "text", 1000, test_path("1.jsonl"), Context{});
  const auto second =
      sample_target(test_path("bab.jsonl"), "text", 1000, test_path("2.jsonl"), Context{});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->documents, 2u);
  EXPECT_EQ(first->bytes, 15u);
  EXPECT_EQ(*read_file(test_path("1.jsonl")), *read_file(test_path("2.jsonl")));
  EXPECT_TRUE(first->texts.contains(text_key("One\n TEXT")));
  EXPECT_FALSE(first->texts.contains(text_key("two text")));
}

TEST(TargetSampleTest, KeepsItsBoundAndAtLeastOne) {
  std::string lines;
  for (int i = 0; i < 50; ++i) {
    lines += "{\"text\":\"0123456789 number " + std::to_string(10 + i) + "\"}\n";
  }
  ASSERT_TRUE(write_file(test_path("in.jsonl"), lines));
  const auto sample =
      sample_target(test_path("in.jsonl"), "text", 205, test_path("out.jsonl"), Context{});
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->documents, 10u);  // of 20 bytes
  const auto least =
      sample_target(test_path("in.jsonl"), "text", 1, test_path("out.jsonl"), Context{});
  ASSERT_TRUE(least);
  EXPECT_EQ(least->documents, 1u);
}

TEST(TargetSampleTest, NoTextIsTheUsersMistake) {
  ASSERT_TRUE(write_file(test_path("in.jsonl"), "{\"text\":\"\"}\n"));
  const auto sample =
      sample_target(test_path("in.jsonl"), "text", 205, test_path("out.jsonl"), Context{});
  ASSERT_FALSE(sample);
  EXPECT_EQ(sample.error().kind, ErrorKind::kInput);
  EXPECT_THAT(sample.error().message, HasSubstr("no document with text"));
}

}  // namespace
}  // namespace pith
