#include "pith/nn/row_adagrad.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "pith/nn/row_gradients.h"

namespace pith {
namespace {

using testing::Each;
using testing::FloatNear;

class RowAdagradTest : public testing::Test {
 protected:
  Parameter table() {
    return {.name = "t", .shape = {8, 4}, .value = values_, .gradient = {}, .rows = &rows_};
  }
  void read(std::uint32_t row, std::array<float, 4> gradient) {
    const std::array<std::uint32_t, 1> rows = {row};
    rows_.add(rows, gradient.data());
  }
  std::span<const float> row(std::size_t r) const { return std::span(values_).subspan(4 * r, 4); }

  std::vector<float> values_ = std::vector<float>(32);
  RowGradients rows_{8, 4};
};

TEST_F(RowAdagradTest, AFirstStepHasTheSizeOfTheRateAndOtherRowsStay) {
  const std::vector<Parameter> parameters = {table()};
  RowAdagrad adagrad(parameters);
  ASSERT_EQ(adagrad.tables(), 1u);
  read(5, {1e-4f, -1e-4f, 1e-4f, -1e-4f});
  adagrad.update(0, 0.1);
  EXPECT_NEAR(row(5)[0], -0.1, 1e-5);
  EXPECT_NEAR(row(5)[1], 0.1, 1e-5);
  EXPECT_THAT(row(4), Each(0.0f));
  EXPECT_THAT(row(6), Each(0.0f));
}

TEST_F(RowAdagradTest, ARowThatIsReadOftenTakesSmallerSteps) {
  const std::vector<Parameter> parameters = {table()};
  RowAdagrad adagrad(parameters);
  double expected = 0;
  for (int step = 1; step <= 3; ++step) {
    rows_.clear();
    read(2, {2, 2, 2, 2});
    adagrad.update(0, 0.1);
    expected -= 0.1 / std::sqrt(step);
  }
  EXPECT_THAT(row(2), Each(FloatNear(static_cast<float>(expected), 1e-6f)));
}

TEST_F(RowAdagradTest, StateIsASumForEveryRow) {
  const std::vector<Parameter> parameters = {
      {.name = "dense", .shape = {8, 4}, .value = values_, .gradient = values_}, table()};
  RowAdagrad adagrad(parameters);
  std::vector<StateTensor> state;
  adagrad.add_state(state);
  ASSERT_EQ(state.size(), 1u);
  EXPECT_EQ(state[0].name, "adagrad.rows.t");
  read(3, {1, 2, 3, 4});
  adagrad.update(0, 0.1);
  EXPECT_EQ(state[0].values[3], 7.5f);
}

}  // namespace
}  // namespace pith
