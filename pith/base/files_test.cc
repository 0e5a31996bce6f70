#include "pith/base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pith/base/test_folder.h"

namespace pith {
namespace {

class FilesTest : public testing::Test {
 protected:
  std::string path(std::string_view name) const { return test_path(name); }
  const std::string folder_ = test_folder();
};

TEST_F(FilesTest, WrittenFileReadsBackWithEveryByte) {
  const std::string bytes("a\0\n\xFF", 4);
  ASSERT_TRUE(write_file(path("f"), bytes));
  EXPECT_EQ(read_file(path("f")).value(), bytes);
  EXPECT_EQ(file_size(path("f")).value(), 4u);
}

TEST_F(FilesTest, UncommittedFileLeavesTheOldOneAndNoPartial) {
  ASSERT_TRUE(write_file(path("f"), "old"));
  {
    auto file = AtomicFile::create(path("f"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(std::string_view("new")));
    EXPECT_EQ(read_file(path("f")).value(), "old");
  }
  EXPECT_EQ(read_file(path("f")).value(), "old");
  EXPECT_EQ(list_files(folder_).value().size(), 1u);
}

TEST_F(FilesTest, NoBytesAtNoAddressAreWritten) {
  auto file = AtomicFile::create(path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write(std::string_view()));
  ASSERT_TRUE(file->write(std::span<const std::byte>()));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read_file(path("f")).value(), "");
}

TEST_F(FilesTest, ErrorsNameThePathAndTheReason) {
  const auto missing = read_file(path("nothing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kInput);
  EXPECT_NE(missing.error().message.find(path("nothing")), std::string::npos);
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
  const auto folder = read_file(folder_);
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
  EXPECT_FALSE(AtomicFile::create(folder_));
  ASSERT_TRUE(write_file(path("f"), "12345"));
  EXPECT_EQ(read_file(path("f"), 4).error().kind, ErrorKind::kCapacity);
}

TEST_F(FilesTest, FullDiskIsAnErrorAndLeavesNoFile) {
  if (!file_exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  ASSERT_EQ(::symlink("/dev/full", path("f.partial").c_str()), 0);
  const Status status = write_file(path("f"), "x");
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("No space left"), std::string::npos);
  EXPECT_NE(status.error().message.find("run the same command again"), std::string::npos);
  EXPECT_FALSE(file_exists(path("f")));
}

TEST_F(FilesTest, ListIsSortedRecursiveAndSurvivesALinkCycle) {
  ASSERT_TRUE(make_folders(path("b/c")));
  ASSERT_TRUE(write_file(path("b/c/2"), ""));
  ASSERT_TRUE(write_file(path("a"), ""));
  ASSERT_EQ(::symlink(folder_.c_str(), path("b/loop").c_str()), 0);
  EXPECT_EQ(list_files(folder_).value(), (std::vector<std::string>{path("a"), path("b/c/2")}));
}

TEST(PathTest, JoinsAndTakesApart) {
  EXPECT_EQ(join_path("a/", "b"), "a/b");
  EXPECT_EQ(join_path("a", "b"), "a/b");
  EXPECT_EQ(file_name("a/b.txt"), "b.txt");
  EXPECT_EQ(parent_folder("a/b.txt"), "a");
  EXPECT_EQ(parent_folder("b.txt"), ".");
  EXPECT_EQ(parent_folder("/b"), "/");
}

}  // namespace
}  // namespace pith
