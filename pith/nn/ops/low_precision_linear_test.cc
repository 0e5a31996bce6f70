#include "pith/nn/ops/low_precision_linear.h"

#include "pith/nn/ops/linear_op.h"
#include "pith/nn/ops/op_test.h"
#include "pith/tensor/cpu/bfloat16.h"
#include "pith/tensor/cpu/gemm.h"

namespace pith {
namespace {

// Two blocks of rows, the second odd; widths around panels, and two tasks of the weight's gradient.
constexpr std::size_t kRows = 301;
struct Widths {
  std::size_t in, out;
};
const Widths kWidths[] = {{7, 150}, {33, 31}, {64, 129}};

// What products of rounded factors are, in floats: rounding is all that may differ.
std::vector<float> rounded(std::vector<float> values) {
  for (float& value : values) value = to_float(to_bfloat16(value));
  return values;
}

TEST(LowPrecisionLinearTest, InBfloat16GivesTheProductsOfRoundedFactors) {
  for (const Widths widths : kWidths) {
    const std::size_t in = widths.in, out = widths.out;
    LoneOp lone(1, kRows);
    std::vector<float> weight = random_floats(out * in, 1), gradient = random_floats(out * in, 2);
    Activation* x = lone.activation(in);
    Activation* y = lone.activation(out);
    const auto op = linear_op(x, {weight.data(), gradient.data()}, y);
    op->set_precision(Precision::kBfloat16);
    EXPECT_FALSE(x->kept);
    lone.bind(*op);

    const auto w = rounded(weight), x_value = rounded(lone.value(x)),
               d_out = rounded(lone.gradient(y));
    std::vector<float> expected(kRows * out), d_x(kRows * in), d_weight(out * in);
    gemm_ref(Transpose::kNo, Transpose::kYes, kRows, out, in, 1, x_value.data(), in, w.data(), in,
             0, expected.data(), out);
    gemm_ref(Transpose::kNo, Transpose::kNo, kRows, in, out, 1, d_out.data(), out, w.data(), in, 0,
             d_x.data(), in);
    gemm_ref(Transpose::kYes, Transpose::kNo, out, in, kRows, 1, d_out.data(), out, x_value.data(),
             in, 0, d_weight.data(), in);
    const auto tolerance = [](std::size_t K) { return static_cast<double>(K) * kEpsilon * 16; };
    lone.forward(*op);
    lone.set_value(x, std::vector<float>(kRows * in, 1e9f));  // it is not kept
    lone.backward(*op);
    expect_near(lone.value(y), expected, tolerance(in), "out");
    expect_near(lone.gradient(x), d_x, tolerance(out), "d_x");
    expect_near(gradient, d_weight, tolerance(kRows), "d_weight");

    lone.step.add_gradients = true;  // the same once more: twice as much
    lone.backward(*op);
    for (float& value : d_weight) value *= 2;
    expect_near(gradient, d_weight, 2 * tolerance(kRows), "d_weight, added");
  }
}

double relative_distance(const std::vector<float>& a, const std::vector<float>& b) {
  double off = 0, whole = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    off += difference * difference;
    whole += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return std::sqrt(off / whole);
}

// A normal is off by a step's share of sqrt(1/12), a step being its row's largest (about 3 to 4)
// / 127: 0.8 % of itself; two factors, 1.2 %. The weight's gradient is that of bfloat16.
TEST(LowPrecisionLinearTest, In8BitsIsNearTheProductsOfFloats) {
  for (const Widths widths : {Widths{64, 129}, Widths{67, 70}}) {
    const std::size_t in = widths.in, out = widths.out;
    LoneOp lone(1, kRows);
    std::vector<float> weight = random_floats(out * in, 1), gradient = random_floats(out * in, 2);
    Activation* x = lone.activation(in);
    Activation* y = lone.activation(out);
    const auto op = linear_op(x, {weight.data(), gradient.data()}, y);
    op->set_precision(Precision::kInt8);
    lone.bind(*op);
    const auto x_value = lone.value(x), d_out = lone.gradient(y);
    std::vector<float> expected(kRows * out), d_x(kRows * in), d_weight(out * in);
    gemm_ref(Transpose::kNo, Transpose::kYes, kRows, out, in, 1, x_value.data(), in, weight.data(),
             in, 0, expected.data(), out);
    gemm_ref(Transpose::kNo, Transpose::kNo, kRows, in, out, 1, d_out.data(), out, weight.data(),
             in, 0, d_x.data(), in);
    gemm_ref(Transpose::kYes, Transpose::kNo, out, in, kRows, 1, d_out.data(), out, x_value.data(),
             in, 0, d_weight.data(), in);
    lone.forward(*op);
    lone.backward(*op);
    EXPECT_LT(relative_distance(lone.value(y), expected), 0.015);
    EXPECT_LT(relative_distance(lone.gradient(x), d_x), 0.015);
    EXPECT_LT(relative_distance(gradient, d_weight), 0.004);
  }
}

TEST(LowPrecisionLinearTest, AChangedWeightIsSeen) {
  LoneOp lone(1, 3);
  std::vector<float> weight(4, 1.0f), gradient(4);
  Activation* x = lone.activation(2);
  Activation* y = lone.activation(2);
  const auto op = linear_op(x, {weight.data(), gradient.data()}, y);
  op->set_precision(Precision::kBfloat16);
  lone.bind(*op);
  lone.set_value(x, std::vector<float>(6, 1.0f));
  lone.forward(*op);
  EXPECT_EQ(lone.value(y)[0], 2.0f);
  weight[0] = 3.0f;
  lone.forward(*op);
  EXPECT_EQ(lone.value(y)[0], 4.0f);
}

}  // namespace
}  // namespace pith
