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
      // A piece is a run of one document's tokens that nothing interrupts.
      if (begin == t) continue;
      EXPECT_NE(token, kBos);
      EXPECT_EQ(begin, batch.document_begin[at - 1]);
      EXPECT_EQ(batch.targets[at - 1], token);
    }
  }
}

TEST(PackingTest, DocumentsThatAreLeftOutAreInNoRow) {
  const TokenReader tokens = make_tokens(kLengths);
  const std::vector<std::uint32_t> left_out = {2, 8};  // ids 5 to 21, and 81 to 180
  auto rows = PackedRows::create(tokens, kVocab, 16, 5, left_out);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->rows_per_epoch(), (tokens.tokens() - 19 - 102) / 16);
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    PackedBatch batch;
    ASSERT_TRUE(rows->read(epoch * rows->rows_per_epoch(), static_cast<int>(rows->rows_per_epoch()),
                           batch));
    for (const int token : batch.tokens) {
      EXPECT_FALSE((token >= 5 && token <= 21) || (token >= 81 && token <= 180)) << token;
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

// The same documents in another order, with others among them.
TEST(PackingTest, WhatTwoCorporaShareComesInTheSameOrder) {
  const auto write = [](const std::string& name, const std::vector<int>& documents) {
    auto writer = TokenWriter::create(test_path(name), kVocab);
    for (const int document : documents) {
      std::vector<int> ids = {kBos};
      const int length = 5 + document * 37 % 90;
      for (int i = 0; i < length; ++i) ids.push_back(2 + document * 100 + i);
      ids.push_back(kEos);
      EXPECT_TRUE(writer->write_document(ids));
    }
    EXPECT_TRUE(writer->finish());
    return TokenReader::open(test_path(name)).value();
  };
  std::vector<int> all, some;
  for (int document = 0; document < 40; ++document) all.push_back(document);
  for (int document = 39; document >= 0; --document) {
    if (document % 4 != 0) some.push_back(document);
  }
  const TokenReader large = write("large", all), small = write("small", some);
  constexpr int kT = 16;
  auto of_large = PackedRows::create(large, kVocab, kT, 5),
       of_small = PackedRows::create(small, kVocab, kT, 5);
  // Documents by when a row that is theirs alone comes first.
  const auto order = [&](PackedRows& rows) {
    std::vector<int> documents;
    PackedBatch batch;
    const int B = static_cast<int>(rows.rows_per_epoch());
    EXPECT_TRUE(rows.read(0, B, batch));
    for (std::size_t b = 0; b < static_cast<std::size_t>(B); ++b) {
      if (batch.document_begin[(b + 1) * kT - 1] != 0) continue;  // of several
      documents.push_back((batch.tokens[b * kT + 1] - 2) / 100 * 10000 + batch.tokens[b * kT + 1]);
    }
    return documents;
  };
  std::vector<int> in_large = order(*of_large);
  const std::vector<int> in_small = order(*of_small);
  ASSERT_GT(in_small.size(), 30u);
  std::erase_if(in_large, [](int row) { return row / 10000 % 4 == 0; });
  // Which rests make up a row of one document by chance differs; the others are in one order.
  const auto has = [](const std::vector<int>& rows, int row) {
    return std::find(rows.begin(), rows.end(), row) != rows.end();
  };
  std::vector<int> a, b;
  for (const int row : in_large) {
    if (has(in_small, row)) a.push_back(row);
  }
  for (const int row : in_small) {
    if (has(in_large, row)) b.push_back(row);
  }
  EXPECT_GT(a.size(), in_small.size() * 9 / 10);
  EXPECT_EQ(a, b);
}

TEST(PackingTest, CopiesOfOneDocumentAreSpread) {
  auto writer = TokenWriter::create(test_path("copies"), kVocab);
  for (int i = 0; i < 64; ++i) {
    std::vector<int> ids(16, 7);  // 32 copies, and 32 that are all different
    if (i % 2 == 0) ids.assign(16, 100 + i);
    EXPECT_TRUE(writer->write_document(ids));
  }
  EXPECT_TRUE(writer->finish());
  const TokenReader tokens = TokenReader::open(test_path("copies")).value();
  auto rows = PackedRows::create(tokens, kVocab, 16, 1);
  PackedBatch batch;
  ASSERT_TRUE(rows->read(0, 64, batch));
  int turns = 0;
  for (std::size_t b = 1; b < 64; ++b) {
    turns += (batch.tokens[b * 16] == 7) != (batch.tokens[(b - 1) * 16] == 7);
  }
  EXPECT_GT(turns, 15);
}

TEST(PackingTest, TooLittleTextIsSaid) {
  const TokenReader tokens = make_tokens({3});
  EXPECT_FALSE(PackedRows::create(tokens, kVocab, 64, 0));
}

}  // namespace
}  // namespace pith
