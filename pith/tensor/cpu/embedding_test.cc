#include "pith/tensor/cpu/embedding.h"

#include "pith/tensor/cpu/kernels_test.h"

namespace pith {
namespace {

TEST(EmbeddingTest, GathersRowsAndScattersTheirGradients) {
  const std::size_t V = 6, C = 37, rows = 5;
  const std::vector<int> tokens{3, 0, 3, 5, 3};
  const auto table = random_floats(V * C, 1), d_out = random_floats(rows * C, 2);
  std::vector<float> out(rows * C);
  embedding(table.data(), tokens.data(), rows, C, out.data());
  auto d_table = random_floats(V * C, 3), expected = d_table;
  for (std::size_t t = 0; t < rows; ++t) {
    for (std::size_t c = 0; c < C; ++c) {
      const std::size_t at = static_cast<std::size_t>(tokens[t]) * C + c;
      EXPECT_EQ(out[t * C + c], table[at]);
      expected[at] += d_out[t * C + c];
    }
  }
  embedding_backward(tokens.data(), d_out.data(), rows, C, 0, 20, d_table.data());
  embedding_backward(tokens.data(), d_out.data(), rows, C, 20, C, d_table.data());
  EXPECT_EQ(d_table, expected);
}

}  // namespace
}  // namespace pith
