#include "pith/train/packing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "pith/base/test_folder.h"

namespace pith {
namespace {

constexpr int kBos = 0, kEos = 1, kVocab = 4096;

// Documents of the given lengths; their tokens are all different, so that each tells where it is
// from.
TokenReader make_tokens(const std::vector<int>& lengths) {
  const std::string prefix = test_path("packing");
  auto writer = TokenWriter::create(prefix, kVocab);
  int next = 2;
  for (const int length : lengths) {
    std::vector<int> ids = {kBos};
    for (int i = 0; i < length; ++i) ids.push_back(next++);
    ids.push_back(kEos);
    EXPECT_TRUE(writer->write_document(ids));
  }
  EXPECT_TRUE(writer->finish());
  return TokenReader::open(prefix).value();
}

const std::vector<int> kLengths = {3, 0, 17, 1, 40, 5, 5, 8, 100, 2, 31, 7};

TEST(PackingTest, TargetsFollowTheirTokenWithinItsDocument) {
  const TokenReader tokens = make_tokens(kLengths);
  for (const int T : {1, 2, 7, 16, 64}) {
    auto rows = PackedRows::create(tokens, kVocab, T, 5);
    ASSERT_TRUE(rows);
    PackedBatch batch;
    const int B = static_cast<int>(rows->rows_per_epoch());
    ASSERT_TRUE(rows->read(0, B, batch));
    for (int i = 0; i < B * T; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const int t = i % T, token = batch.tokens[at], target = batch.targets[at];
      const int begin = batch.document_begin[at];
      ASSERT_GE(begin, 0);
      ASSERT_LE(begin, t);
      if (token == kEos) {
        EXPECT_EQ(target, -1);
      } else if (token != kBos && target != kEos) {
        EXPECT_EQ(target, token + 1);
      }
      if (token == kBos) {
        EXPECT_EQ(begin, t);
      } else if (t > 0) {
        EXPECT_EQ(begin, batch.document_begin[at - 1]);
      }
      if (t + 1 < T && target >= 0) {
        EXPECT_EQ(target, batch.tokens[at + 1]);
      }
    }
  }
}

TEST(PackingTest, AnEpochHoldsEveryTokenOnceButARest) {
  const TokenReader tokens = make_tokens(kLengths);
  const int T = 16;
  auto rows = PackedRows::create(tokens, kVocab, T, 5);
  ASSERT_TRUE(rows);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    PackedBatch batch;
    ASSERT_TRUE(rows->read(epoch * rows->rows_per_epoch(), static_cast<int>(rows->rows_per_epoch()),
                           batch));
    std::map<int, int> seen;
    for (const int token : batch.tokens) ++seen[token];
    for (const auto& [token, count] : seen) {
      if (token >= 2) {
        EXPECT_EQ(count, 1) << token;
      }
    }
    EXPECT_GT(batch.tokens.size() + T, tokens.tokens());
  }
}

TEST(PackingTest, OrderFollowsFromSeedAndEpochAlone) {
  const TokenReader tokens = make_tokens(kLengths);
  auto one = PackedRows::create(tokens, kVocab, 8, 5),
       two = PackedRows::create(tokens, kVocab, 8, 5);
  auto other = PackedRows::create(tokens, kVocab, 8, 6);
  PackedBatch a, b;
  ASSERT_TRUE(one->read(0, 4, a));
  ASSERT_TRUE(other->read(0, 4, b));
  EXPECT_NE(a.tokens, b.tokens);
  const auto rows = one->rows_per_epoch();
  ASSERT_TRUE(one->read(rows, 4, b));
  EXPECT_NE(a.tokens, b.tokens);
  // Any place can be had directly, across the border of epochs too.
  ASSERT_TRUE(one->read(rows - 2, 4, a));
  ASSERT_TRUE(two->read(rows - 2, 4, b));
  EXPECT_EQ(a.tokens, b.tokens);
  EXPECT_EQ(a.targets, b.targets);
  PackedBatch single;
  ASSERT_TRUE(two->read(rows, 1, single));
  EXPECT_TRUE(std::equal(single.tokens.begin(), single.tokens.end(), a.tokens.begin() + 16));
}

TEST(PackingTest, TooLittleTextIsSaid) {
  const TokenReader tokens = make_tokens({3});
  EXPECT_FALSE(PackedRows::create(tokens, kVocab, 64, 0));
}

}  // namespace
}  // namespace pith
