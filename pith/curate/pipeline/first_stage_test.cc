#include "pith/curate/pipeline/first_stage.h"

#include <gmock/gmock.h>

#include <map>

#include "pith/curate/pipeline/corpus_test.h"

namespace pith {
namespace {

class FirstStageTest : public StageTest {
 protected:
  FirstStageTest() {
    for (std::uint64_t i = 0; i < 40; ++i) {
      put("in/" + std::to_string(100 + i) + ".html", html("T", prose(i, 12)));
    }
    put("in/broken.jsonl", "{\"text\": 1}\n");
    put("in/picture.png", std::string("\x89PNG\0", 5));
    options_.shard_raw_bytes = 8000;
  }
  // All files of the shards but their ends, which hold times.
  std::map<std::string, std::string> files() {
    std::map<std::string, std::string> all;
    const auto paths = list_files(join_path(folder_.work(), "shards"));
    for (const std::string& path : paths.value()) {
      if (!path.ends_with(".json")) all[file_name(path)] = read_file(path).value();
    }
    return all;
  }
};

TEST_F(FirstStageTest, RecordsBecomeShardsInOrder) {
  Progress last;
  context_.on_progress = [&](const Progress& progress) { last = progress; };
  const FirstStageResult result = first_stage();
  EXPECT_EQ(last.done, last.total);
  EXPECT_GT(last.total, 0u);
  EXPECT_GE(result.shards, 3u);
  EXPECT_EQ(result.statistics.stage(CurateStage::kExtract).documents_in, 40u);
  EXPECT_EQ(result.statistics.broken_records, 1u);
  EXPECT_EQ(result.statistics.skipped_files.at("binary"), 1u);
  EXPECT_EQ(files().size(), result.shards * 5);
}

TEST_F(FirstStageTest, ShardsDoNotDependOnThreads) {
  first_stage();
  const auto two = files();
  for (const int threads : {1, 7}) {
    context_.threads = threads;
    ASSERT_TRUE(remove_tree(folder_.work()));
    first_stage();
    EXPECT_EQ(files(), two) << threads;
  }
}

TEST_F(FirstStageTest, GoesOnBehindTheShardsThatAreThere) {
  const FirstStageResult whole = first_stage();
  const auto expected = files();
  for (std::size_t left = 0; left <= whole.shards; ++left) {
    for (std::size_t shard = left; shard < whole.shards; ++shard) {
      ASSERT_TRUE(remove_tree(folder_.shard(shard, ".json")));
    }
    std::uint64_t least = ~0ull;
    context_.on_progress = [&](const Progress& progress) {
      least = std::min(least, progress.done);
    };
    const FirstStageResult again = first_stage();
    EXPECT_EQ(again.shards, whole.shards);
    EXPECT_EQ(again.statistics.stage(CurateStage::kExtract).documents_in, 40u) << left;
    EXPECT_EQ(again.statistics.broken_records, 1u);
    EXPECT_EQ(files(), expected) << left;
    if (left == whole.shards) {
      EXPECT_EQ(least, ~0ull);  // nothing was done
    }
  }
}

TEST_F(FirstStageTest, StopsWhenAskedAndLeavesWholeShards) {
  const std::atomic<bool> stop = true;
  context_.stop = &stop;
  ASSERT_TRUE(make_folders(join_path(folder_.work(), "shards")));
  const auto result = run_first_stage(options_, nullptr, folder_, context_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInterrupted);
  for (const auto& [name, bytes] : files()) EXPECT_FALSE(name.ends_with(".partial")) << name;
}

TEST_F(FirstStageTest, AWriterThatFailsEndsIt) {
  ASSERT_TRUE(write_file(test_path("out"), "a file where the folder is due"));
  const auto result = run_first_stage(options_, nullptr, folder_, context_);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, testing::HasSubstr(test_path("out")));
}

}  // namespace
}  // namespace pith
