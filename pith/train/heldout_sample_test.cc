#include "pith/train/heldout_sample.h"

#include <gtest/gtest.h>

#include <string>

#include "pith/base/test_folder.h"

namespace pith {
namespace {

// Documents of these lengths; ids that differ from one to the next.
HeldoutSample sample_of(const std::vector<int>& lengths) {
  const std::string prefix = test_folder() + "/heldout";
  auto writer = TokenWriter::create(prefix, 1000);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::vector<int> ids(static_cast<std::size_t>(lengths[i]), static_cast<int>(i));
    EXPECT_TRUE(writer->write_document(ids));
  }
  EXPECT_TRUE(writer->finish());
  const auto reader = TokenReader::open(prefix);
  auto sample = HeldoutSample::create(*reader, 1000);
  EXPECT_TRUE(sample);
  return *sample;
}

std::uint64_t sum(const std::vector<HeldoutPart>& parts) {
  std::uint64_t tokens = 0;
  for (const HeldoutPart& part : parts) tokens += part.tokens;
  return tokens;
}

TEST(HeldoutSampleTest, AFewDocumentsComeFromAllOverTheInput) {
  // As if the first half of the input were Chinese and the second English.
  const HeldoutSample sample = sample_of(std::vector<int>(200, 10));
  const auto parts = sample.parts(400);
  EXPECT_EQ(sum(parts), 400u);
  int early = 0;
  for (const HeldoutPart& part : parts) early += part.document < 100;
  EXPECT_GT(early, 10);
  EXPECT_LT(early, 30);
  EXPECT_EQ(sample.parts(400), parts);
}

TEST(HeldoutSampleTest, ALongDocumentLeavesRoomForOthers) {
  const HeldoutSample sample = sample_of(std::vector<int>(40, 5000));
  const auto parts = sample.parts(1600);
  EXPECT_EQ(parts.size(), 16u);
  EXPECT_EQ(sum(parts), 1600u);
}

TEST(HeldoutSampleTest, LongDocumentsGiveMoreWhereShortOnesGiveLittle) {
  const auto parts = sample_of({3, 1000, 4, 5}).parts(500);
  EXPECT_EQ(sum(parts), 500u);
}

TEST(HeldoutSampleTest, AllIsReadWhereAllIsAllowed) {
  const auto parts = sample_of({3, 1000, 4, 5}).parts(1'000'000);
  EXPECT_EQ(parts.size(), 4u);
  EXPECT_EQ(sum(parts), 1012u);
}

}  // namespace
}  // namespace pith
