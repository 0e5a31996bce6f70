#include "pith/infer/blocks/mlp.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "pith/infer/testing/random_model.h"

namespace pith {
namespace {

// What multiplies the same input lies side by side: a panel of sixteen gates, a panel of ups.
TEST(GatedMlpTest, GatesAndUpsTakeTurnsByPanels) {
  const RandomModel random = RandomModel::make(awkward_config(), 4);  // 36 wide, MLP of 50
  const TensorSource source = random.source();
  TensorReader reader(random.config, source);
  const std::vector<std::pair<std::size_t, std::size_t>> before = {
      {263, 36}, {36, 0}, {60, 36}, {30, 36}, {30, 36}, {36, 60}, {36, 0}};
  for (const auto& [rows, columns] : before) ASSERT_TRUE(reader.next(rows, columns));
  GatedMlp mlp;
  ASSERT_TRUE(mlp.read(50, 36, reader));
  const PackedMatrix& packed = mlp.gate_up();
  ASSERT_EQ(packed.rows(), 2u * 64);  // 50 rounded up to whole panels
  std::vector<float> row(36);
  for (const auto& [name, offset] : {std::pair{"gate", 0}, std::pair{"up", 16}}) {
    const auto& rows =
        random.tensors.at(std::string("model.layers.0.mlp.") + name + "_proj.weight");
    for (int f = 0; f < 64; ++f) {
      packed.copy_row(static_cast<std::size_t>(f / 16 * 32 + offset + f % 16), row);
      std::vector<float> expected(36, 0.0f);  // behind the last row
      if (f < 50) expected.assign(rows.begin() + f * 36, rows.begin() + (f + 1) * 36);
      EXPECT_EQ(row, expected) << name << " " << f;
    }
  }
}

}  // namespace
}  // namespace pith
