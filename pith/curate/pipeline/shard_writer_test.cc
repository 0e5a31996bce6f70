#include "pith/curate/pipeline/shard_writer.h"

#include <gtest/gtest.h>

#include "pith/base/test_folder.h"
#include "pith/curate/pipeline/signature_file.h"
#include "pith/formats/documents.h"

namespace pith {
namespace {

class ShardWriterTest : public testing::Test {
 protected:
  ShardWriterTest() { EXPECT_TRUE(make_folders(join_path(folder_.work(), "shards"))); }

  MadeBatch batch(const std::string& kept, const std::string& dropped) {
    MadeBatch made;
    Document document;
    document.text = kept;
    append_document(document, made.kept_lines);
    made.signatures.push_back(sign_document(kept));
    document.text = dropped;
    document.dropped_by = "test";
    append_document(document, made.dropped_lines);
    made.statistics.pass(CurateStage::kExtract, 10, kept.size());
    ZstdCompressor compressor(1);
    compress_lines(compressor, made);
    return made;
  }
  std::vector<std::string> texts(const char* suffix) {
    std::vector<std::string> all;
    DocumentReader reader = DocumentReader::open(folder_.shard(3, suffix)).value();
    for (Document document; reader.next(document).value();) all.push_back(document.text);
    return all;
  }

  const WorkFolder folder_{test_path("out")};
};

TEST_F(ShardWriterTest, WhatIsAddedComesBack) {
  auto writer = ShardWriter::create(folder_, 3);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(writer->add(batch("one", "x")));
  ASSERT_TRUE(writer->add(batch("two", "y")));
  ShardEnd end;
  end.cursor.set("file", 5);
  end.last = true;
  end.seconds = 1.5;
  end.statistics.broken_records = 2;
  ASSERT_TRUE(writer->finish(end));
  const auto read = read_shard_end(folder_, 3);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->cursor["file"].as_int(), 5);
  EXPECT_TRUE((*read)->last);
  EXPECT_EQ((*read)->seconds, 1.5);
  EXPECT_EQ((*read)->statistics.broken_records, 2u);
  EXPECT_EQ((*read)->statistics.stage(CurateStage::kExtract).documents_in, 2u);
  EXPECT_EQ(texts(".kept.jsonl.zst"), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(texts(".dropped.jsonl.zst"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(SignatureFiles::open({folder_.shard(3, "")})->documents(), 2u);
}

TEST_F(ShardWriterTest, UnfinishedItLeavesNothing) {
  {
    auto writer = ShardWriter::create(folder_, 3);
    ASSERT_TRUE(writer->add(batch("one", "x")));
  }
  EXPECT_TRUE(list_files(folder_.work()).value().empty());
  const auto end = read_shard_end(folder_, 3);
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST_F(ShardWriterTest, TheLastFileDecidesWhetherAShardIsThere) {
  auto writer = ShardWriter::create(folder_, 3);
  ASSERT_TRUE(writer->finish({}));
  EXPECT_TRUE(read_shard_end(folder_, 3)->has_value());
  EXPECT_TRUE(texts(".kept.jsonl.zst").empty());
  ASSERT_TRUE(remove_tree(folder_.shard(3, ".json")));  // as if killed just before it
  EXPECT_FALSE(read_shard_end(folder_, 3)->has_value());
  ASSERT_TRUE(write_file(folder_.shard(3, ".json"), "{\"cut"));
  EXPECT_FALSE(read_shard_end(folder_, 3));
}

}  // namespace
}  // namespace pith
