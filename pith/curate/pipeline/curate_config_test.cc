#include "pith/curate/pipeline/curate_config.h"

#include <gmock/gmock.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CurateConfigTest : public testing::Test {
 protected:
  // The error that reading `text` gives; empty when it is read.
  std::string read(const std::string& text) {
    const std::string path = join_path(test_folder(), "curate.toml");
    EXPECT_TRUE(write_file(path, text));
    const Status status = read_curate_config(path, {"training"}, config_);
    return status ? "" : status.error().message;
  }
  CurateConfig config_;
};

TEST_F(CurateConfigTest, WhatIsPrintedIsReadAsTheSame) {
  config_.overlap.share = 0.55;
  config_.mask.wanted[0] = false;
  config_.filters[0]->enabled = false;
  const std::string printed = print_curate_config(config_);
  const std::string before = to_json(config_).dump();
  config_ = CurateConfig();
  ASSERT_NE(to_json(config_).dump(), before);
  ASSERT_EQ(read(printed), "");
  EXPECT_EQ(to_json(config_).dump(), before);
  CurateConfig again;
  from_json(parse_json(before, "config").value(), again);
  EXPECT_EQ(to_json(again).dump(), before);
}

TEST_F(CurateConfigTest, EverySettingOfEveryFilterIsThere) {
  const Json json = to_json(config_);
  for (const auto& filter : config_.filters) {
    EXPECT_GT(json[filter->name()].members().size(), 3u) << filter->name();
  }
  EXPECT_EQ(json["gopher_quality"]["min_words"].as_double(), 50);
  EXPECT_EQ(json["near_duplicates"]["similarity"].as_double(), 0.8);
}

TEST_F(CurateConfigTest, AFileChangesWhatItNamesOnly) {
  ASSERT_EQ(read("[gopher_quality]\nmin_words = 10\n[gopher_repetition]\ntop_gram = [1, 1, 0.5]\n"
                 "[training]\nanything = 1\n"),
            "");
  const Json json = to_json(config_);
  EXPECT_EQ(json["gopher_quality"]["min_words"].as_double(), 10);
  EXPECT_EQ(json["gopher_quality"]["max_words"].as_double(), 100000);
  EXPECT_EQ(json["gopher_repetition"]["top_gram"].items()[2].as_double(), 0.5);
}

TEST_F(CurateConfigTest, MistakesAreNamedWithTheirLine) {
  EXPECT_THAT(read("[gopher_quality]\n\nmin_word = 10\n"),
              testing::AllOf(HasSubstr("line 3"), HasSubstr("did you mean min_words?")));
  EXPECT_THAT(read("[gopher_qualty]\n"), HasSubstr("did you mean [gopher_quality]?"));
  EXPECT_THAT(read("[near_duplicates]\nsimilarity = 1.5\n"), HasSubstr("from 0 to 1"));
  EXPECT_THAT(read("[near_duplicates]\nenabled = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(read("[gopher_repetition]\ntop_gram = [1, 2]\n"), HasSubstr("a list of 3 numbers"));
  EXPECT_THAT(read("[c4_lines]\nmin_sentences = -1\n"), HasSubstr("at least 0"));
  EXPECT_THAT(read("fineweb = 3\n"), HasSubstr("write it as [fineweb]"));
  EXPECT_THAT(read("[fineweb\n"), HasSubstr("is no TOML"));
}

TEST_F(CurateConfigTest, ADisabledFilterDropsNothing) {
  ASSERT_EQ(read("[gopher_quality]\nenabled = false\n[c4_lines]\nenabled = false\n"), "");
  EXPECT_FALSE(config_.filters[0]->enabled);
  EXPECT_FALSE(config_.c4_lines.enabled);
}

}  // namespace
}  // namespace pith
