#include "pith/curate/dedup/near_duplicates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pith/base/random.h"
#include "pith/curate/dedup/min_hash.h"

namespace pith {
namespace {

using Shingles = std::vector<std::uint32_t>;

SignatureSource source_of(const std::vector<Shingles>& documents) {
  return {.band_keys =
              [&documents](std::size_t band, std::vector<std::uint64_t>& keys) {
                keys.clear();
                for (const Shingles& d : documents) keys.push_back(band_keys(min_hash(d))[band]);
                return Status();
              },
          .shingles = {
              .count = [&documents](std::uint32_t i) { return std::uint64_t{documents[i].size()}; },
              .read =
                  [&documents](std::uint32_t i, std::uint64_t first, std::span<std::uint32_t> out) {
                    std::copy_n(documents[i].begin() + static_cast<std::ptrdiff_t>(first),
                                out.size(), out.begin());
                    return Status();
                  }}};
}

DuplicateClusters find(const std::vector<Shingles>& documents,
                       const std::vector<std::uint64_t>& bytes, double min_similarity) {
  const std::vector<std::uint8_t> none(documents.size(), 0);
  auto found = near_duplicates(source_of(documents), bytes, none, min_similarity, Context{});
  EXPECT_TRUE(found) << found.error().message;
  return std::move(found).value();
}

// A document and `variants` of it, each with `changed` of 100 shingles replaced.
void plant(std::size_t variants, std::size_t changed, Random& random,
           std::vector<Shingles>& documents) {
  Shingles original;
  for (int i = 0; i < 100; ++i) original.push_back(static_cast<std::uint32_t>(random.next()));
  for (std::size_t v = 0; v <= variants; ++v) {
    Shingles copy = original;
    if (v > 0) {
      for (std::size_t i = 0; i < changed; ++i) {
        copy[random.below(copy.size())] = static_cast<std::uint32_t>(random.next());
      }
    }
    std::sort(copy.begin(), copy.end());
    copy.erase(std::unique(copy.begin(), copy.end()), copy.end());
    documents.push_back(copy);
  }
}

TEST(NearDuplicatesTest, AgreesWithAllPairs) {
  Random random(11);
  std::vector<Shingles> documents;
  for (int i = 0; i < 40; ++i) plant(random.below(4), random.below(30), random, documents);
  std::vector<std::uint64_t> bytes(documents.size());
  for (auto& b : bytes) b = random.below(50);
  const DuplicateClusters fast = find(documents, bytes, 0.8);
  const DuplicateClusters truth = near_duplicates_ref(documents, bytes, 0.8);
  EXPECT_EQ(fast.kept, truth.kept);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(fast.similarity[i], truth.similarity[i]) << i;
  }
}

TEST(NearDuplicatesTest, KeepsTheLongestAndTheFirstAmongEquals) {
  Random random(12);
  std::vector<Shingles> documents;
  plant(3, 3, random, documents);
  EXPECT_EQ(find(documents, {10, 30, 20, 30}, 0.8).kept, (std::vector<std::uint32_t>{1, 1, 1, 1}));
  EXPECT_EQ(find(documents, {5, 5, 5, 5}, 0.8).kept, (std::vector<std::uint32_t>{0, 0, 0, 0}));
}

TEST(NearDuplicatesTest, ExcludedAndEmptyDocumentsStayAlone) {
  Random random(13);
  std::vector<Shingles> documents;
  plant(2, 0, random, documents);
  documents.emplace_back();
  documents.emplace_back();
  const std::vector<std::uint64_t> bytes(5, 1);
  const std::vector<std::uint8_t> excluded = {0, 1, 0, 0, 0};
  const auto found = near_duplicates(source_of(documents), bytes, excluded, 0.8, Context{});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kept, (std::vector<std::uint32_t>{0, 1, 0, 3, 4}));
  EXPECT_EQ(found->similarity, (std::vector<float>{0, 0, 1, 0, 0}));
}

// `n` documents of 100 shingles, each 8 further than the one before: neighbours are alike by 92 of
// 108, the next but one by 84 of 116.
std::vector<Shingles> chain(std::uint32_t n) {
  std::vector<Shingles> documents(n);
  for (std::uint32_t i = 0; i < 100; ++i) {
    for (std::uint32_t d = 0; d < n; ++d)
      documents[d].push_back(static_cast<std::uint32_t>(mix64(1 + i + 8 * d)));
  }
  for (auto& d : documents) std::sort(d.begin(), d.end());
  return documents;
}

TEST(NearDuplicatesTest, AChainGoesNoFurtherThanTheSimilarity) {
  EXPECT_EQ(find(chain(3), {3, 2, 1}, 0.8).kept, (std::vector<std::uint32_t>{0, 0, 2}));
  EXPECT_EQ(find(chain(3), {2, 3, 1}, 0.8).kept, (std::vector<std::uint32_t>{1, 1, 1}));
  const auto documents = chain(60);
  std::vector<std::uint64_t> bytes(documents.size());
  Random random(14);
  for (auto& b : bytes) b = random.below(50);
  EXPECT_EQ(find(documents, bytes, 0.8).kept, near_duplicates_ref(documents, bytes, 0.8).kept);
}

TEST(NearDuplicatesTest, ManyKeptOfOneGroupAreComparedWithTheLast) {
  const auto documents = chain(200);  // each shorter than the one before, as copies grow shorter
  std::vector<std::uint64_t> bytes;
  for (std::uint64_t i = 0; i < 200; ++i) bytes.push_back(1000 - i);
  EXPECT_EQ(find(documents, bytes, 0.8).kept, near_duplicates_ref(documents, bytes, 0.8).kept);
}

TEST(NearDuplicatesTest, StopsWhenAsked) {
  const std::atomic<bool> stop = true;
  Context context;
  context.stop = &stop;
  const auto found = near_duplicates(source_of({}), {}, {}, 0.8, context);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kInterrupted);
}

TEST(ExactDuplicatesTest, TheFirstOfEqualHashesIsKept) {
  const std::vector<Hash128> hashes = {{1, 2}, {9, 9}, {1, 2}, {1, 3}, {1, 2}, {9, 9}};
  const DuplicateClusters found = exact_duplicates(hashes);
  EXPECT_EQ(found.kept, (std::vector<std::uint32_t>{0, 1, 0, 3, 0, 1}));
  EXPECT_EQ(found.similarity, (std::vector<float>{1, 1, 1, 0, 1, 1}));
}

}  // namespace
}  // namespace pith
