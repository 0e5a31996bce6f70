#include "pith/nn/ops/columns_op.h"

#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

constexpr std::size_t kRows = 300, kA = 3, kB = 4;  // two blocks of rows

// Columns of a and b, side by side.
std::vector<float> side_by_side(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> joined;
  for (std::size_t t = 0; t < kRows; ++t) {
    for (std::size_t i = 0; i < kA; ++i) joined.push_back(a[t * kA + i]);
    for (std::size_t i = 0; i < kB; ++i) joined.push_back(b[t * kB + i]);
  }
  return joined;
}

TEST(ColumnsOpTest, SplitsValuesAndJoinsGradients) {
  LoneOp lone(1, kRows);
  Activation *x = lone.activation(kA + kB), *a = lone.activation(kA), *b = lone.activation(kB);
  const auto op = split_columns_op(x, {a, b});
  lone.bind(*op);
  lone.forward(*op);
  EXPECT_EQ(side_by_side(lone.value(a), lone.value(b)), lone.value(x));
  lone.backward(*op);
  EXPECT_EQ(side_by_side(lone.gradient(a), lone.gradient(b)), lone.gradient(x));
}

TEST(ColumnsOpTest, JoinsValuesAndSplitsGradients) {
  LoneOp lone(1, kRows);
  Activation *a = lone.activation(kA), *b = lone.activation(kB), *x = lone.activation(kA + kB);
  const auto op = join_columns_op({a, b}, x);
  lone.bind(*op);
  const auto expected = side_by_side(lone.value(a), lone.value(b)), d_x = lone.gradient(x);
  lone.forward(*op);
  EXPECT_EQ(lone.value(x), expected);
  lone.backward(*op);
  EXPECT_EQ(side_by_side(lone.gradient(a), lone.gradient(b)), d_x);
}

}  // namespace
}  // namespace pith
