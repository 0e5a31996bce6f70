#include "pith/nn/weight_average.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(WeightAverageTest, IsTheMeanOfWhatWasAddedAndGoesOnFromItsState) {
  std::vector<float> a(3), b(2);
  const std::vector<Parameter> parameters{{"a", {3}, a, a}, {"b", {2}, b, b}};
  WeightAverage average(parameters), resumed(parameters);
  for (int moment = 0; moment < 4; ++moment) {
    a = {static_cast<float>(moment), 1, 10};
    b = {static_cast<float>(moment * moment), 0};
    average.add(moment);
  }
  const auto from = average.state(), to = resumed.state();
  ASSERT_EQ(to.size(), 2u);
  EXPECT_EQ(to[1].name, "average.b");
  for (std::size_t i = 0; i < to.size(); ++i) {
    std::copy(from[i].values.begin(), from[i].values.end(), to[i].values.begin());
  }
  a = {11.5f, 1, 10};
  b = {36, 0};
  resumed.add(4);
  resumed.store();
  EXPECT_EQ(a, (std::vector<float>{3.5f, 1, 10}));  // (0 + 1 + 2 + 3 + 11.5) / 5
  EXPECT_EQ(b, (std::vector<float>{10, 0}));        // (0 + 1 + 4 + 9 + 36) / 5
}

}  // namespace
}  // namespace pith
