#include "pith/train/heldout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pith {
namespace {

std::vector<DocumentSize> many(std::size_t count, std::uint64_t bytes) {
  std::vector<DocumentSize> documents;
  for (std::size_t i = 0; i < count; ++i) {
    documents.push_back({heldout_hash("document " + std::to_string(i)), bytes});
  }
  return documents;
}

TEST(HeldoutTest, TheFractionIsMetAndBounded) {
  EXPECT_EQ(choose_heldout(many(1000, 100), 0.02, 1'000'000).size(), 20u);
  EXPECT_EQ(choose_heldout(many(1000, 100), 0.02, 500).size(), 5u);
}

TEST(HeldoutTest, OrderDoesNotMatterAndNewDocumentsMoveFewOthers) {
  std::vector<DocumentSize> documents = many(1000, 100);
  const auto chosen = choose_heldout(documents, 0.02, 1'000'000);
  std::reverse(documents.begin(), documents.end());
  EXPECT_EQ(choose_heldout(documents, 0.02, 1'000'000), chosen);
  documents.push_back({heldout_hash("one more"), 100});
  const auto after = choose_heldout(documents, 0.02, 1'000'000);
  const auto kept = std::ranges::count_if(chosen, [&](auto hash) { return after.contains(hash); });
  EXPECT_GE(kept, 19);
}

TEST(HeldoutTest, SomethingIsHeldOutAndSomethingLeft) {
  EXPECT_EQ(choose_heldout(many(2, 100), 0.0001, 1'000'000).size(), 1u);
  EXPECT_EQ(choose_heldout(many(3, 100), 0.5, 1'000'000).size(), 1u);
  EXPECT_TRUE(choose_heldout(many(1, 100), 0.5, 1'000'000).empty());
  EXPECT_TRUE(choose_heldout({}, 0.5, 1'000'000).empty());
}

TEST(HeldoutTest, CopiesOfOneTextCountAsOne) {
  std::vector<DocumentSize> copies(5, DocumentSize{7, 100});
  EXPECT_TRUE(choose_heldout(copies, 0.1, 1'000'000).empty());
}

TEST(HeldoutTest, AGiantIsLeftToTraining) {
  std::vector<DocumentSize> documents = many(50, 100);
  documents.push_back({0, 1'000'000});  // the least hash
  const auto chosen = choose_heldout(documents, 0.02, 1'000'000);
  EXPECT_FALSE(chosen.contains(0));
  EXPECT_FALSE(chosen.empty());
}

TEST(HeldoutTest, OneDocumentIsCutBetweenCharactersAndLines) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "line " + std::to_string(i) + "\n";
  const std::size_t cut = heldout_cut(lines, 0.1);
  EXPECT_EQ(lines[cut - 1], '\n');
  EXPECT_NEAR(static_cast<double>(cut), static_cast<double>(lines.size()) * 0.9, 10);
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "\xe4\xb8\xad";
  EXPECT_EQ(heldout_cut(wide, 0.05) % 3, 0u);
  EXPECT_LT(heldout_cut("ab", 0.01), 2u);
}

TEST(HeldoutTest, IsOfManyDocumentsWhereThereAreMany) {
  std::vector<DocumentSize> documents = {{.hash = 1, .bytes = 20'000}};  // of least hash, and large
  for (std::uint64_t i = 2; i < 1000; ++i) documents.push_back({.hash = i, .bytes = 1000});
  const auto heldout = choose_heldout(documents, 0.015, 1'000'000);
  EXPECT_GE(heldout.size(), 8u);
  EXPECT_FALSE(heldout.contains(1));
}

}  // namespace
}  // namespace pith
