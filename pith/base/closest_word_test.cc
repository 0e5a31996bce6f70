#include "pith/base/closest_word.h"

#include <gtest/gtest.h>

#include <vector>

namespace pith {
namespace {

TEST(ClosestWordTest, DistanceCountsTheFewestChanges) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("train", "train"), 0u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
}

TEST(ClosestWordTest, FindsSlipsAndLeavesStrangersAlone) {
  const std::vector<std::string> words = {"run", "curate", "train", "chat", "--tokens"};
  EXPECT_EQ(closest_word("curat", words), "curate");
  EXPECT_EQ(closest_word("trian", words), "train");
  EXPECT_EQ(closest_word("trai", words), "train");
  EXPECT_EQ(closest_word("--token", words), "--tokens");
  EXPECT_EQ(closest_word("dance", words), "");
  EXPECT_EQ(closest_word("", words), "");
  EXPECT_EQ(closest_word(std::string(1000000, 'a'), words), "");
}

}  // namespace
}  // namespace pith
