#include "pith/train/document_loss.h"

#include <gtest/gtest.h>

#include "pith/train/small_model_test.h"

namespace pith {
namespace {

std::vector<int> random_document(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::vector<int> ids;
  for (std::size_t i = 0; i < size; ++i) {
    ids.push_back(
        static_cast<int>(random.below(static_cast<std::uint64_t>(small_config().vocab_size))));
  }
  return ids;
}

// The loss of targets [first, ids.size() - 1) of one window that begins at `begin`, alone in a row.
LossSum window_loss(Transformer& model, const std::vector<int>& ids, std::size_t begin,
                    std::size_t end, std::size_t first) {
  const std::vector<int> tokens(ids.begin() + std::ptrdiff_t(begin),
                                ids.begin() + std::ptrdiff_t(end));
  std::vector<int> targets;
  for (std::size_t i = begin; i < end; ++i) targets.push_back(i >= first ? ids[i + 1] : -1);
  return model.loss({1, static_cast<int>(end - begin), tokens, targets, {}});
}

TEST(DocumentLossTest, DocumentsThatShareRowsCountAsIfAlone) {
  const auto model = small_model();
  for (const int batch_tokens : {16, 48, 512}) {
    DocumentLoss loss(*model, 16, batch_tokens);
    LossSum expected;
    for (const std::size_t size : {3, 2, 9, 17, 1, 0, 5, 5, 16, 2, 4}) {
      const auto ids = random_document(size, size);
      loss.add(ids);
      if (size < 2) continue;  // nothing to predict
      const LossSum alone = window_loss(*model, ids, 0, size - 1, 0);
      expected.nats += alone.nats;
      expected.counted += alone.counted;
    }
    const LossSum sum = loss.finish();
    EXPECT_EQ(sum.counted, expected.counted);
    EXPECT_NEAR(sum.nats, expected.nats, 1e-5 * expected.nats) << batch_tokens;
    EXPECT_EQ(loss.finish().counted, 0) << "begins anew";
  }
}

TEST(DocumentLossTest, ALongDocumentIsReadInWindowsThatOverlapByHalf) {
  const auto model = small_model();
  const auto ids = random_document(37, 3);  // 36 to predict: [0, 16), [8, 24), [16, 32), [24, 36)
  LossSum expected;
  const std::size_t windows[][3] = {{0, 16, 0}, {8, 24, 16}, {16, 32, 24}, {24, 36, 32}};
  for (const auto& [begin, end, first] : windows) {
    const LossSum part = window_loss(*model, ids, begin, end, first);
    expected.nats += part.nats;
    expected.counted += part.counted;
  }
  ASSERT_EQ(expected.counted, 36);
  DocumentLoss loss(*model, 16, 64);
  loss.add(ids);
  const LossSum sum = loss.finish();
  EXPECT_EQ(sum.counted, 36);
  EXPECT_NEAR(sum.nats, expected.nats, 1e-5 * expected.nats);
}

}  // namespace
}  // namespace pith
