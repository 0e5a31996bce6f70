#include "pith/formats/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

void write_all(const std::string& prefix, const std::vector<std::vector<int>>& documents,
               std::int64_t vocab) {
  auto writer = TokenWriter::create(prefix, vocab);
  ASSERT_TRUE(writer);
  for (const auto& ids : documents) ASSERT_TRUE(writer->write_document(ids));
  ASSERT_TRUE(writer->finish());
}

class TokensTest : public testing::TestWithParam<int> {};

TEST_P(TokensTest, DocumentsComeBack) {
  const int vocab = GetParam();
  const std::string prefix = test_path("round_trip");
  const std::vector<std::vector<int>> documents = {{0, vocab - 1, 5}, {}, {7}, {1, 2, 3, 4}};
  write_all(prefix, documents, vocab);
  const auto reader = TokenReader::open(prefix);
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_EQ(reader->documents(), documents.size());
  EXPECT_EQ(reader->tokens(), 8u);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    std::vector<int> ids(reader->document_begin(i + 1) - reader->document_begin(i));
    ASSERT_TRUE(reader->copy(reader->document_begin(i), ids, vocab));
    EXPECT_EQ(ids, documents[i]) << i;
  }
  EXPECT_EQ(*file_size(prefix + ".bin"), vocab <= 65536 ? 16u : 32u);
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, TokensTest, testing::Values(8, 65536, 65537, 1 << 20));

TEST(TokensFileTest, NoDocumentsAreReadable) {
  const std::string prefix = test_path("none");
  write_all(prefix, {}, 10);
  const auto reader = TokenReader::open(prefix);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->documents(), 0u);
  EXPECT_EQ(reader->tokens(), 0u);
}

TEST(TokensFileTest, AnIdOutsideOfTheVocabularyIsAnError) {
  const std::string prefix = test_path("vocab");
  write_all(prefix, {{3, 9}}, 10);
  const auto reader = TokenReader::open(prefix);
  ASSERT_TRUE(reader);
  std::vector<int> ids(2);
  const Status status = reader->copy(0, ids, 9);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("token 1 is 9"));
}

TEST(TokensFileTest, AnyDamageOfTheIndexIsNoticed) {
  const std::string prefix = test_path("damage");
  write_all(prefix, {{1, 2, 3}, {4}}, 10);
  const std::string good = *read_file(prefix + ".idx");
  // magic, version, type, sequences, boundaries, lengths, pointers, documents
  for (const std::size_t at : {0u, 9u, 17u, 18u, 26u, 34u, 38u, 42u, 50u, 58u, 74u}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] + 1);
    ASSERT_TRUE(write_file(prefix + ".idx", bad));
    EXPECT_FALSE(TokenReader::open(prefix)) << at;
  }
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_TRUE(write_file(prefix + ".idx", std::string_view(good).substr(0, length)));
    EXPECT_FALSE(TokenReader::open(prefix)) << length;
  }
  ASSERT_TRUE(write_file(prefix + ".idx", good));
  EXPECT_TRUE(TokenReader::open(prefix));
  ASSERT_TRUE(write_file(prefix + ".bin", "1234567"));
  EXPECT_FALSE(TokenReader::open(prefix));
}

TEST(TokensFileTest, WildCountsDoNotLeadOutOfTheFile) {
  const std::string prefix = test_path("wild");
  write_all(prefix, {{1}}, 10);
  std::string bad = *read_file(prefix + ".idx");
  for (const std::uint64_t count : {~0ull, 1ull << 63, 0x1555555555555555ull, 1ull << 40}) {
    std::memcpy(bad.data() + 18, &count, 8);
    ASSERT_TRUE(write_file(prefix + ".idx", bad));
    EXPECT_FALSE(TokenReader::open(prefix)) << count;
  }
}

TEST(TokensFileTest, MissingFilesAreNamed) {
  const auto reader = TokenReader::open("/nowhere/train");
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("/nowhere/train.idx"));
}

}  // namespace
}  // namespace pith
