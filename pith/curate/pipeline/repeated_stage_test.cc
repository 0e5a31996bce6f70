#include "pith/curate/pipeline/repeated_stage.h"

#include <gtest/gtest.h>

#include <optional>

#include "pith/base/files.h"
#include "pith/base/random.h"
#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

class RepeatedStageTest : public StageTest {
 protected:
  // Documents that share paragraphs, in shards of ten.
  RepeatedStageTest() {
    EXPECT_TRUE(make_folders(folder_.work()));
    Random random(1);
    for (std::uint64_t i = 0; i < 200; ++i) {
      std::string text = prose(1000 + i, 8);
      for (std::uint64_t n = random.below(5); n > 0; --n) {
        text += prose(random.below(40), 4 + static_cast<int>(random.below(20)));
      }
      texts_.push_back(text);
    }
    std::vector<std::string> stems;
    for (std::size_t i = 0; i < texts_.size(); i += 10) {
      stems.push_back(test_path("s" + std::to_string(i)));
      auto writer = SignatureWriter::create(stems.back());
      for (std::size_t j = i; j < i + 10; ++j) {
        EXPECT_TRUE(writer->add(sign_document(texts_[j])));
      }
      EXPECT_TRUE(writer->finish());
    }
    files_.emplace(SignatureFiles::open(stems).value());
    all_.assign(texts_.size(), 1);
  }
  RepeatedText find() {
    auto found = find_repeated_text(*files_, all_, repeated_, folder_, context_);
    EXPECT_TRUE(found) << found.error().message;
    return std::move(found).value();
  }
  void forget() { EXPECT_TRUE(remove_tree(folder_.column("repeated.json"))); }

  RepeatedTextOptions repeated_;
  std::vector<std::string> texts_;
  std::optional<SignatureFiles> files_;
  std::vector<std::uint8_t> all_;
};

TEST_F(RepeatedStageTest, CutsWhatTheReferenceCutsInAnyMemory) {
  const std::vector<std::string> truth = cut_repeated_ref(texts_, repeated_);
  EXPECT_NE(truth, texts_);
  for (const std::uint64_t memory :
       {std::uint64_t{0}, std::uint64_t{128} << 20}) {  // the least sorts in pages
    context_.memory_bytes = memory;
    const RepeatedText found = find();
    std::uint64_t cut = 0;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      EXPECT_EQ(without_ranges(texts_[i], found.cuts_of(i)), truth[i]) << i;
      cut += texts_[i].size() - truth[i].size();
    }
    EXPECT_GE(cut,
              found.counts.passage_bytes + found.counts.paragraph_bytes + found.counts.line_bytes);
    EXPECT_GT(found.counts.passages, 0u);
    EXPECT_GT(found.counts.paragraphs, 0u);
    EXPECT_FALSE(file_exists(folder_.column("keys.sort")));
    forget();
  }
}

TEST_F(RepeatedStageTest, WhoTakesNoPartNeitherHasNorLoses) {
  texts_.resize(2);
  for (std::size_t i = 0; i < all_.size(); ++i) all_[i] = i % 2;
  const RepeatedText found = find();
  for (const std::uint32_t document : found.documents) EXPECT_EQ(document % 2, 1u);
  EXPECT_FALSE(found.documents.empty());
}

TEST_F(RepeatedStageTest, FoundBeforeItIsRead) {
  const RepeatedText once = find();
  repeated_.passage_bytes = 1;  // would cut more
  const RepeatedText again = find();
  EXPECT_EQ(again.documents, once.documents);
  EXPECT_EQ(again.cuts, once.cuts);
  EXPECT_EQ(again.ends, once.ends);
  EXPECT_EQ(again.counts.passages, once.counts.passages);
}

TEST_F(RepeatedStageTest, SwitchedOffItFindsNothing) {
  repeated_.enabled = false;
  EXPECT_TRUE(find().documents.empty());
}

TEST_F(RepeatedStageTest, StopsWhenAsked) {
  const std::atomic<bool> stop = true;
  context_.stop = &stop;
  const auto found = find_repeated_text(*files_, all_, repeated_, folder_, context_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kInterrupted);
  EXPECT_FALSE(file_exists(folder_.column("keys.sort")));
}

}  // namespace
}  // namespace pith
