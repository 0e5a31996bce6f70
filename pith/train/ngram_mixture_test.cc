#include "pith/train/ngram_mixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/ngram/count_ngrams.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

// Documents in which every second token follows from the one before it.
class NgramMixtureTest : public testing::Test {
 protected:
  void write(int documents) {
    auto writer = TokenWriter::create(test_path("train"), vocab_);
    ASSERT_TRUE(writer);
    Random random(1);
    for (int d = 0; d < documents; ++d) {
      std::vector<int> ids = {StandardSpecials::kBos};
      for (int i = 0; i < 20; ++i) {
        const auto id = static_cast<int>(random.below(100));
        ids.push_back(id);
        ids.push_back((id * 7 + 3) % 100);
      }
      ids.push_back(StandardSpecials::kEos);
      ASSERT_TRUE(writer->write_document(ids));
    }
    ASSERT_TRUE(writer->finish());
    tokens_ = std::make_unique<TokenReader>(TokenReader::open(test_path("train")).value());
  }

  NgramMixture mixture(std::uint64_t most_tokens = 1 << 20) {
    return NgramMixture::create(*tokens_, vocab_, 3, most_tokens).value();
  }

  double nats(Transformer& transformer, const NgramMixture& mixture) {
    std::vector<int> ids(42);
    EXPECT_TRUE(tokens_->copy(tokens_->document_begin(0), ids, vocab_));
    DocumentLoss loss(transformer, 32, 64, mixture_loss(mixture.interpolation()));
    loss.add(ids);
    return loss.finish().mean();
  }

  const int vocab_ = small_config().vocab_size;
  std::unique_ptr<TokenReader> tokens_;
};

TEST_F(NgramMixtureTest, WeightsAreFittedOnDocumentsThatAreNotCounted) {
  write(200);
  const NgramMixture made = mixture();
  ASSERT_FALSE(made.left_out().empty());
  EXPECT_LE(made.left_out().size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(made.left_out()));
  NgramCounter others(vocab_, 3);
  for (std::uint32_t d = 0; d < tokens_->documents(); ++d) {
    if (std::ranges::binary_search(made.left_out(), d)) continue;
    std::vector<int> ids(42);
    ASSERT_TRUE(tokens_->copy(tokens_->document_begin(d), ids, vocab_));
    others.add(ids);
  }
  EXPECT_EQ(made.interpolation().model.tables().shares, others.finish().shares);
}

TEST_F(NgramMixtureTest, FittingFindsThatAnUntrainedNetworkKnowsLess) {
  write(200);
  const auto transformer = small_model();
  NgramMixture made = mixture();
  const double even = nats(*transformer, made);
  ASSERT_TRUE(made.fit(*transformer, *tokens_, 32, 64, 1 << 16));
  const double fitted = nats(*transformer, made);
  EXPECT_LT(fitted, even - 0.1);
  for (const float weight : made.interpolation().weights.network) EXPECT_LT(weight, 0.45F);
}

TEST_F(NgramMixtureTest, TooFewDocumentsKeepEvenWeights) {
  write(3);
  NgramMixture made = mixture();
  EXPECT_TRUE(made.left_out().empty());
  ASSERT_TRUE(made.fit(*small_model(), *tokens_, 32, 64, 1 << 16));
  EXPECT_EQ(made.interpolation().weights.network, InterpolationWeights::even(3).network);
}

TEST_F(NgramMixtureTest, NoMoreThanAskedIsCounted) {
  write(200);
  const auto entries = [&](std::uint64_t most) {
    return mixture(most).interpolation().model.tables().tokens.size();
  };
  EXPECT_LT(entries(800), entries(8000));
  EXPECT_LE(entries(800), 2 * 800U);
}

}  // namespace
}  // namespace pith
