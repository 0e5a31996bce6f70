#include "pith/train/text_hardness.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "pith/base/random.h"
#include "pith/base/test_folder.h"
#include "pith/formats/tokens.h"
#include "pith/train/ngram_mixture.h"
#include "pith/train/small_model_test.h"

namespace pith {
namespace {

// Documents of letters, each the one after its neighbour with this probability, else any.
void write_text(const std::string& name, int documents, double regular, std::uint64_t seed) {
  auto writer =
      TokenWriter::create(test_path("tokens") + "/" + name, byte_tokenizer().vocab_size());
  ASSERT_TRUE(writer) << writer.error().message;
  Random random(seed);
  for (int d = 0; d < documents; ++d) {
    std::vector<int> ids = {StandardSpecials::kBos};
    int letter = 0;
    for (int i = 0; i < 200; ++i) {
      letter = random.uniform() < regular ? (letter + 1) % 16 : static_cast<int>(random.below(16));
      ids.push_back(100 + letter);
    }
    ids.push_back(StandardSpecials::kEos);
    ASSERT_TRUE(writer->write_document(ids));
  }
  ASSERT_TRUE(writer->finish());
}

TextHardness hardness(double regular, int order) {
  std::filesystem::create_directories(test_path("tokens"));
  write_text("train", 200, regular, 1);
  write_text("heldout", 10, regular, 2);
  const auto tokens = TokenReader::open(test_path("tokens/train"));
  const auto counted = NgramMixture::create(*tokens, byte_tokenizer().vocab_size(), order, 1 << 20);
  TokensInfo info;
  info.unigram_bits_per_byte = 4;
  const Tokenizer tokenizer = byte_tokenizer();
  const auto meter =
      HardnessMeter::create(test_path("tokens"), info, tokenizer, &counted->interpolation().model);
  EXPECT_TRUE(meter) << (meter ? "" : meter.error().message);
  const auto found = meter->measure(1 << 14);
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  return *found;
}

TEST(TextHardnessTest, RegularTextIsEasyForWhoCounts) {
  const TextHardness found = hardness(0.9, 5);
  EXPECT_NEAR(found.trigram, 0.9, 0.15);  // the entropy of what follows
  EXPECT_NEAR(found.counted, found.trigram, 0.1);
}

TEST(TextHardnessTest, RandomTextIsHardForAll) {
  const TextHardness found = hardness(0, 1);
  EXPECT_NEAR(found.trigram, 4, 0.2);
  EXPECT_NEAR(found.counted, 4, 0.2);
}

}  // namespace
}  // namespace pith
