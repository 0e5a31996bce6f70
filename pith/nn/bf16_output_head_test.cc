#include "pith/nn/bf16_output_head.h"

#include <cstring>
#include <memory>

#include "pith/nn/ops/op_test.h"
#include "pith/nn/output_head.h"

namespace pith {
namespace {

// Three blocks of rows at the larger vocabulary, the last of an odd number of rows; not whole
// panels of anything.
struct Size {
  std::size_t rows, C, V;
};
const Size kSizes[] = {{300, 37, 17001}, {77, 64, 130}};

struct Head {
  Head(const Size& size, int threads) : pool(threads), targets(size.rows) {
    for (std::size_t t = 0; t < size.rows; ++t) {
      targets[t] = t % 9 == 4 ? -1 : static_cast<int>(t * 7919 % size.V);
    }
    x.width = size.C;
    x.value = x_value.data();
    x.gradient = x_gradient.data();
    step.B = 1;
    step.T = size.rows;
    step.targets = targets.data();
    step.loss_scale = 0.25f;
    step.gradients = true;
  }
  explicit Head(const Size& size) : Head(size, 1) {}

  ThreadPool pool;
  std::vector<int> targets;
  std::vector<float> x_value, x_gradient, weight, gradient;
  Activation x;
  Step step;
};

std::unique_ptr<Head> make(const Size& size, int threads) {
  auto head = std::make_unique<Head>(size, threads);
  head->x_value = random_floats(size.rows * size.C, 1);
  head->x_gradient = head->x_value;
  head->weight = random_floats(size.V * size.C, 2, 0.3);
  head->gradient = random_floats(size.V * size.C, 3);
  head->x.value = head->x_value.data();
  head->x.gradient = head->x_gradient.data();
  return head;
}

double norm(const std::vector<float>& values) { return std::sqrt(weighted(values, values)); }

double relative_distance(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return norm(difference) / norm(b);
}

// Each factor of a product is off by at most half a bfloat16 epsilon of itself, at random; a logit
// of deviation 0.3 sqrt(C) < 2.5 by less than 1 % of that typically. A probability is off by that
// much of itself, then rounded.
TEST(Bf16OutputHeadTest, FollowsTheHeadInFloats) {
  for (const Size& size : kSizes) {
    const float softcap = size.V < 1000 ? 5.0f : 0.0f;
    const auto exact = make(size, 1), rounded = make(size, 2);
    OutputHead reference(&exact->x, Weight{exact->weight.data(), exact->gradient.data()}, size.V,
                         softcap);
    reference.reserve(size.rows, exact->pool);
    reference.loss_and_gradients(exact->step);
    Bf16OutputHead head(&rounded->x, Weight{rounded->weight.data(), rounded->gradient.data()},
                        size.V, softcap, size.rows, rounded->pool);
    std::vector<float> losses(size.rows);
    head.loss(rounded->step, losses.data());
    expect_near(losses, reference.losses(), 8 * kBfloat16Epsilon, "losses");
    EXPECT_LT(relative_distance(rounded->x_gradient, exact->x_gradient), 2 * kBfloat16Epsilon);
    EXPECT_LT(relative_distance(rounded->gradient, exact->gradient), 2 * kBfloat16Epsilon);

    auto twice = rounded->gradient;
    for (float& value : twice) value *= 2;
    rounded->step.add_gradients = true;
    head.loss(rounded->step, losses.data());
    EXPECT_LT(relative_distance(rounded->gradient, twice), 1e-5) << "added";

    std::vector<float> logits(size.rows * size.V), expected(logits.size());
    head.logits(rounded->step, logits.data());
    reference.logits(exact->step, expected.data());
    EXPECT_LT(relative_distance(logits, expected), kBfloat16Epsilon);
  }
}

TEST(Bf16OutputHeadTest, TheLossAloneIsThatBesideGradientsAndLeavesThemAlone) {
  const auto data = make(kSizes[1], 1);
  Bf16OutputHead head(&data->x, Weight{data->weight.data(), data->gradient.data()}, kSizes[1].V, 0,
                      kSizes[1].rows, data->pool);
  std::vector<float> beside(kSizes[1].rows), alone = beside;
  head.loss(data->step, beside.data());
  const auto x_gradient = data->x_gradient, gradient = data->gradient;
  data->step.gradients = false;
  head.loss(data->step, alone.data());
  EXPECT_EQ(beside, alone);
  EXPECT_EQ(x_gradient, data->x_gradient);
  EXPECT_EQ(gradient, data->gradient);
}

}  // namespace
}  // namespace pith
