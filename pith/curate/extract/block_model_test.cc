#include "pith/curate/extract/block_model.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "pith/base/random.h"

namespace pith {
namespace {

TEST(BlockModelTest, TreesInColumnsFollowTheReferenceAtEveryLength) {
  Random random(7);
  constexpr std::size_t kFeatures = kBlockFeatureCount + kContextFeatureCount;
  for (const std::size_t stage : {0, 1}) {
    for (const std::size_t n : {1, 2, 63, 64, 65, 129, 500}) {
      std::vector<std::vector<float>> values(kFeatures, std::vector<float>(n));
      for (auto& column : values) {
        for (float& value : column) {
          value = static_cast<float>(random.uniform() < 0.3 ? 0.0 : 8.0 * random.uniform() - 2.0);
        }
      }
      std::vector<std::span<const float>> columns(values.begin(), values.end());
      BlockTreeScratch scratch;
      std::vector<float> fast(n);
      sum_block_trees(stage, columns, scratch, fast);
      for (std::size_t b = 0; b < n; ++b) {
        std::vector<float> row(kFeatures);
        for (std::size_t f = 0; f < kFeatures; ++f) row[f] = values[f][b];
        ASSERT_EQ(fast[b], sum_block_trees_ref(stage, row)) << "stage " << stage << " block " << b;
      }
    }
  }
}

TextBlocks blocks_of_words(const std::vector<float>& words) {
  TextBlocks blocks;
  blocks.blocks.resize(words.size());
  for (std::size_t b = 0; b < words.size(); ++b) blocks.blocks[b].stats.words = words[b];
  return blocks;
}

TEST(BlockModelTest, TheBoundFollowsThePage) {
  std::vector<std::uint8_t> keep;
  // Where all is doubtful, a doubtful block is worth keeping; beside a sure one it is not.
  choose_blocks(std::vector<float>{0.3f, 0.05f}, blocks_of_words({100, 100}), keep);
  EXPECT_THAT(keep, testing::ElementsAre(1, 0));
  choose_blocks(std::vector<float>{0.95f, 0.3f}, blocks_of_words({100, 100}), keep);
  EXPECT_THAT(keep, testing::ElementsAre(1, 0));
  choose_blocks(std::vector<float>{0.95f, 0.55f}, blocks_of_words({100, 100}), keep);
  EXPECT_THAT(keep, testing::ElementsAre(1, 1));
}

TEST(BlockModelTest, NothingLikelyMeansNothingKept) {
  std::vector<std::uint8_t> keep;
  choose_blocks(std::vector<float>{0.1f, 0.02f}, blocks_of_words({50, 50}), keep);
  EXPECT_THAT(keep, testing::ElementsAre(0, 0));
  choose_blocks({}, blocks_of_words({}), keep);
  EXPECT_TRUE(keep.empty());
}

}  // namespace
}  // namespace pith
