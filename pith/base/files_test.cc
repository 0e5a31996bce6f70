#include "pith/base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
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

TEST_F(FilesTest, AListingCountsWhatIsNoFile) {
  ASSERT_TRUE(make_folders(path("b")));
  ASSERT_TRUE(write_file(path("b/1"), ""));
  ASSERT_EQ(::symlink("1", path("b/link").c_str()), 0);
  ASSERT_EQ(::symlink("..", path("b/up").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", path("b/dangling").c_str()), 0);
  ASSERT_EQ(::symlink("round", path("b/round").c_str()), 0);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const auto listing = list_folder(folder_);
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->files, (std::vector<std::string>{path("b/1"), path("b/link")}));
  EXPECT_EQ(listing->folder_links, 1u);
  EXPECT_EQ(listing->others, 3u);
  EXPECT_FALSE(check_file_or_folder(path("pipe")));
  EXPECT_TRUE(check_file_or_folder(path("b")) && check_file_or_folder(path("b/link")));
}

TEST_F(FilesTest, FoldersMayBeNestedDeeperThanAProcessMayOpenFiles) {
  std::string deep = folder_;
  for (int i = 0; i < 300; ++i) deep += "/d";
  ASSERT_TRUE(make_folders(deep));
  ASSERT_TRUE(write_file(deep + "/f", ""));
  rlimit before = {};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few = {64, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  const auto files = list_files(folder_);
  ::setrlimit(RLIMIT_NOFILE, &before);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->size(), 1u);
}

TEST_F(FilesTest, APathTooLongForTheSystemIsAShortMessage) {
  std::string here = folder_;
  const int start = ::open(".", O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::chdir(folder_.c_str()), 0);
  const std::string name(250, 'n');
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0700), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  ASSERT_EQ(::fchdir(start), 0);
  ::close(start);
  const auto files = list_files(folder_);
  ASSERT_FALSE(files);
  EXPECT_NE(files.error().message.find("File name too long"), std::string::npos);
  EXPECT_TRUE(files.error().message.starts_with(folder_));
  EXPECT_LT(files.error().message.size(), 800u);
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
