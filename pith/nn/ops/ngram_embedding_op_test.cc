#include "pith/nn/ops/ngram_embedding_op.h"

#include <array>

#include "pith/model/ngram_rows.h"
#include "pith/nn/ops/op_test.h"

namespace pith {
namespace {

constexpr std::size_t kRows = 64, kC = 5;
// Two sequences; the second holds two documents.
const std::vector<int> kTokens{4, 0, 4, 0, 2, 3, 4, 0}, kPositions{0, 1, 2, 3, 0, 1, 0, 1};

class NgramEmbeddingOpTest : public testing::Test {
 protected:
  NgramEmbeddingOpTest() {
    lone_.step.tokens = kTokens.data();
    lone_.step.positions = kPositions.data();
    op_ = ngram_embedding_op(
        {{2, kRows, bigrams_.data(), &of_bigrams_}, {3, kRows, trigrams_.data(), &of_trigrams_}},
        out_);
    lone_.bind(*op_);
    lone_.forward(*op_);
  }

  std::vector<float> expected(std::array<int, 3> last) const {
    const std::size_t two = ngram_row(std::array{last[1], last[2]}, kRows);
    const std::size_t three = ngram_row(last, kRows);
    std::vector<float> row(kC);
    for (std::size_t c = 0; c < kC; ++c) {
      row[c] = bigrams_[two * kC + c] + trigrams_[three * kC + c];
    }
    return row;
  }
  std::vector<float> row(std::size_t t) const {
    const std::vector<float> all = lone_.value(out_);
    return {all.begin() + static_cast<std::ptrdiff_t>(t * kC),
            all.begin() + static_cast<std::ptrdiff_t>((t + 1) * kC)};
  }

  std::vector<float> bigrams_ = random_floats(kRows * kC, 1);
  std::vector<float> trigrams_ = random_floats(kRows * kC, 2);
  RowGradients of_bigrams_{kRows, kC}, of_trigrams_{kRows, kC};
  LoneOp lone_{2, 4};
  Activation* out_ = lone_.activation(kC);
  std::unique_ptr<Op> op_;
};

TEST_F(NgramEmbeddingOpTest, RowsAreThoseOfTheLastTokens) {
  EXPECT_EQ(row(0), expected({-1, -1, 4}));
  EXPECT_EQ(row(1), expected({-1, 4, 0}));
  EXPECT_EQ(row(3), expected({0, 4, 0}));
}

TEST_F(NgramEmbeddingOpTest, NothingIsSeenOfTheDocumentBefore) {
  EXPECT_EQ(row(4), expected({-1, -1, 2}));
  EXPECT_EQ(row(6), expected({-1, -1, 4}));
  EXPECT_EQ(row(7), expected({-1, 4, 0}));
  EXPECT_EQ(row(7), row(1));
}

TEST_F(NgramEmbeddingOpTest, GradientsGoToTheRowsThatWereRead) {
  lone_.backward(*op_);
  const std::vector<float> d_out = lone_.gradient(out_);
  std::vector<float> sums(kRows * kC);
  for (std::size_t t = 0; t < kTokens.size(); ++t) {
    const int before = kPositions[t] > 0 ? kTokens[t - 1] : -1;
    const std::size_t r = ngram_row(std::array{before, kTokens[t]}, kRows);
    for (std::size_t c = 0; c < kC; ++c) sums[r * kC + c] += d_out[t * kC + c];
  }
  ASSERT_EQ(of_bigrams_.rows().size(), 5u);  // _4 40 04 40 _2 23 _4 40, one each
  for (std::size_t slot = 0; slot < 5; ++slot) {
    for (std::size_t c = 0; c < kC; ++c) {
      EXPECT_EQ(of_bigrams_.gradient(slot)[c], sums[of_bigrams_.rows()[slot] * kC + c]);
    }
  }
  // A second pass of the same step adds, the next step begins anew.
  const float once = of_trigrams_.gradient(0)[0];
  lone_.step.add_gradients = true;
  lone_.backward(*op_);
  EXPECT_EQ(of_trigrams_.gradient(0)[0], 2 * once);
  lone_.step.add_gradients = false;
  lone_.backward(*op_);
  EXPECT_EQ(of_trigrams_.gradient(0)[0], once);
}

}  // namespace
}  // namespace pith
