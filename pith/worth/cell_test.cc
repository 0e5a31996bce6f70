#include "pith/worth/cell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "pith/worth/small_cells_test.h"

namespace pith {
namespace {

using testing::HasSubstr;

class CellTest : public SmallCellsTest {
 protected:
  static std::string key(const CellOptions& options) {
    const auto found = cell_key(options);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : "";
  }
};

TEST_F(CellTest, TheKeyIsOfBytesAndNotOfWhereTheyLie) {
  const CellOptions options = cell("cells", 1000, 1);
  CellOptions moved = options;
  std::filesystem::copy(options.tokens, test_path("copy"));
  std::filesystem::copy(options.target, test_path("copy.jsonl"));
  moved.tokens = test_path("copy");
  moved.target = test_path("copy.jsonl");
  moved.folder = test_path("elsewhere");
  EXPECT_EQ(key(moved), key(options));
  EXPECT_EQ(key(options).size(), 32u);
}

TEST_F(CellTest, WhateverChangesTheResultChangesTheKey) {
  const CellOptions options = cell("cells", 1000, 1);
  std::set<std::string> keys = {key(options)};
  CellOptions other = options;
  other.seed = 2;
  EXPECT_TRUE(keys.insert(key(other)).second);
  other = options, other.tokens_to_train = 1001;
  EXPECT_TRUE(keys.insert(key(other)).second);
  other = options, other.config.learning_rate = 0.01;
  EXPECT_TRUE(keys.insert(key(other)).second);
  const auto append = [](const std::string& path) {
    ASSERT_TRUE(write_file(path, *read_file(path) + "\n"));
  };
  append(options.target);
  EXPECT_TRUE(keys.insert(key(options)).second);
  for (const char* name : {"train.bin", "train.idx", "tokenizer.json"}) {
    append(join_path(options.tokens, name));
    EXPECT_TRUE(keys.insert(key(options)).second) << name;
  }
}

TEST_F(CellTest, TokensThatAreNotThereAreNamed) {
  CellOptions options = cell("cells", 1000, 1);
  options.tokens = test_path("nothing");
  const auto found = cell_key(options);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("nothing/train.bin"));
}

TEST_F(CellTest, IsTrainedOnceAndLeavesOneSmallFile) {
  const CellOptions options = cell("cells", 1000, 1);
  const std::string name = key(options);
  EXPECT_FALSE(cell_is_done(options, name));
  const auto first = run_cell(options, name, {});
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(cell_is_done(options, name));
  EXPECT_EQ(first->tokens, 1024u);  // steps are whole
  EXPECT_GT(first->parameters, 300u * 16);
  EXPECT_GT(first->bits_per_byte, 0);
  EXPECT_GT(first->seconds, 0);
  int entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(options.folder)) {
    EXPECT_EQ(entry.path().filename(), name + ".json");
    ++entries;
  }
  EXPECT_EQ(entries, 1);

  Context watched;
  int steps = 0;
  watched.on_progress = [&](const Progress&) { ++steps; };
  ASSERT_TRUE(std::filesystem::remove_all(options.tokens) > 0);
  const auto again = run_cell(options, name, watched);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(steps, 0);
  EXPECT_EQ(again->bits_per_byte, first->bits_per_byte);
  EXPECT_EQ(again->parameters, first->parameters);
  EXPECT_EQ(again->tokens, first->tokens);
  EXPECT_EQ(again->seconds, first->seconds);
}

// The seed is the cell's; that of the context, which all cells share, is not looked at.
TEST_F(CellTest, TheSeedIsThatOfTheCell) {
  const CellOptions options = cell("cells", 1000, 1), again = cell("again", 1000, 1),
                    other = cell("other", 1000, 2);
  Context seeded;
  seeded.seed = 77;
  const auto first = run_cell(options, key(options), {});
  const auto same = run_cell(again, key(again), seeded);
  const auto different = run_cell(other, key(other), {});
  ASSERT_TRUE(first && same && different);
  EXPECT_EQ(first->bits_per_byte, same->bits_per_byte);
  EXPECT_NE(first->bits_per_byte, different->bits_per_byte);
}

TEST_F(CellTest, AFileThatIsNoResultIsNamedAndNotUsed) {
  const CellOptions options = cell("cells", 1000, 1);
  ASSERT_TRUE(make_folders(options.folder));
  ASSERT_TRUE(write_file(join_path(options.folder, "k.json"), "{\"parameters\": 5}"));
  const auto found = run_cell(options, "k", {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kFormat);
  EXPECT_THAT(found.error().message, HasSubstr("cells/k.json: has no bits_per_byte"));
}

}  // namespace
}  // namespace pith
