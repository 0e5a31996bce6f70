#include "pith/ngram/ngram_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/test_folder.h"
#include "pith/ngram/count_ngrams.h"

namespace pith {
namespace {

using testing::HasSubstr;

Interpolation small() {
  NgramCounter counter(20, 3);
  for (int i = 0; i < 3; ++i) counter.add(std::vector{0, 4, 5, 6, 4, 5, 7});
  return {*NgramModel::create(counter.finish(), "test"), InterpolationWeights::even(3)};
}

Result<ModelFolder> written(const std::string& folder, const std::vector<TensorToWrite>& tensors) {
  ModelFolderContent content;
  content.config = Json::object();
  content.generation_config = Json::object();
  content.tensors = tensors;
  PITH_TRY(write_model_folder(folder, content));
  return ModelFolder::open(folder);
}

TEST(NgramTensorsTest, ReadsWhatWasWritten) {
  const Interpolation before = small();
  std::vector<TensorToWrite> tensors;
  append_tensors(before, tensors);
  const auto files = written(test_path("model"), tensors);
  ASSERT_TRUE(files) << files.error().message;
  const auto after = read_interpolation(*files, 3, 20, "FOLDER");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->model.tables().contexts, before.model.tables().contexts);
  EXPECT_EQ(after->model.tables().shares, before.model.tables().shares);
  EXPECT_EQ(after->weights.network, before.weights.network);
  EXPECT_FALSE(read_interpolation(*files, 4, 20, "FOLDER"));
  EXPECT_FALSE(read_interpolation(*files, 3, 21, "FOLDER"));
}

TEST(NgramTensorsTest, AMissingTableIsNamed) {
  const Interpolation before = small();
  std::vector<TensorToWrite> tensors;
  append_tensors(before, tensors);
  std::erase_if(tensors, [](const TensorToWrite& t) { return t.name == "ngrams.shares"; });
  const auto files = written(test_path("model"), tensors);
  ASSERT_TRUE(files);
  const auto after = read_interpolation(*files, 3, 20, "FOLDER");
  ASSERT_FALSE(after);
  EXPECT_THAT(after.error().message, HasSubstr("FOLDER: ngrams.shares is missing"));
}

}  // namespace
}  // namespace pith
