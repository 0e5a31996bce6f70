#include "pith/formats/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

Manifest example() {
  Manifest manifest;
  manifest.program = "pith 1";
  manifest.options.set("steps", 5);
  manifest.options.set("name", "x");
  manifest.inputs = {{"a.jsonl", 10, std::string(32, 'a')}};
  manifest.outputs = {{"b.bin", 1ull << 40, std::string(32, 'b')}};
  return manifest;
}

TEST(ManifestTest, ComesBackFromJson) {
  const Manifest written = example();
  const auto read = parse_manifest(*parse_json(to_json(written).dump(true), "x"), "x");
  ASSERT_TRUE(read);
  EXPECT_EQ(difference(written, *read), "");
  EXPECT_EQ(read->outputs, written.outputs);
}

TEST(ManifestTest, TheFirstDifferenceIsNamed) {
  const Manifest done = example();
  Manifest wanted = example();
  wanted.options.set("steps", 6);
  EXPECT_EQ(difference(wanted, done), "option steps is 6, was 5");
  wanted = example();
  wanted.options.set("new", 1);
  EXPECT_THAT(difference(wanted, done), HasSubstr("option new"));
  EXPECT_THAT(difference(done, wanted), HasSubstr("option new"));
  wanted = example();
  wanted.inputs[0].hash[0] = 'c';
  EXPECT_THAT(difference(wanted, done), HasSubstr("a.jsonl"));
  wanted = example();
  wanted.inputs.push_back(wanted.inputs[0]);
  EXPECT_THAT(difference(wanted, done), HasSubstr("2 input files"));
  wanted = example();
  wanted.program = "pith 2";
  EXPECT_THAT(difference(wanted, done), HasSubstr("pith 2"));
}

TEST(ManifestTest, WhereInputsLieDoesNotMatter) {
  Manifest wanted = example();
  wanted.inputs[0].path = "elsewhere/a.jsonl";
  wanted.outputs.clear();
  EXPECT_EQ(difference(wanted, example()), "");
}

TEST(ManifestTest, FilesAreDescribedByContent) {
  const std::string a = test_path("a"), b = test_path("b");
  ASSERT_TRUE(write_file(a, std::string(200'000, 'x')));
  ASSERT_TRUE(write_file(b, std::string(200'000, 'x')));
  EXPECT_EQ(describe_file(a)->hash, describe_file(b)->hash);
  EXPECT_EQ(describe_file(a)->bytes, 200'000u);
  std::string changed(200'000, 'x');
  changed.back() = 'y';
  ASSERT_TRUE(write_file(b, changed));
  EXPECT_NE(describe_file(a)->hash, describe_file(b)->hash);
}

TEST(ManifestTest, OtherJsonIsNoManifest) {
  EXPECT_FALSE(parse_manifest(*parse_json("{\"program\": 1}", "x"), "x"));
}

}  // namespace
}  // namespace pith
