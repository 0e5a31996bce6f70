#include "pith/formats/mapped_file.h"

#include <gmock/gmock.h>

#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST(MappedFileTest, ShowsTheBytesOfTheFile) {
  const std::string bytes = std::string("a\0b", 3) + std::string(10000, 'x');
  ASSERT_TRUE(write_file(test_path("f"), bytes));
  const auto file = MappedFile::open(test_path("f"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(text_of(*file), bytes);
}

TEST(MappedFileTest, AnEmptyFileHasNoBytes) {
  ASSERT_TRUE(write_file(test_path("f"), ""));
  const auto file = MappedFile::open(test_path("f"));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFileTest, MovingKeepsTheBytesWhereTheyAre) {
  ASSERT_TRUE(write_file(test_path("f"), "first"));
  ASSERT_TRUE(write_file(test_path("g"), "second"));
  MappedFile first = MappedFile::open(test_path("f")).value();
  const auto* const at = first.bytes().data();
  MappedFile moved = std::move(first);
  EXPECT_EQ(moved.bytes().data(), at);
  moved = MappedFile::open(test_path("g")).value();
  EXPECT_EQ(text_of(moved), "second");
}

// Resident memory that is of files, in pages.
std::size_t file_pages() {
  std::size_t size = 0, resident = 0, shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  return shared;
}

TEST(MappedFileTest, WhatIsReleasedTakesNoMemoryAndCanBeReadAgain) {
  const std::string bytes(64 << 20, 'x');
  ASSERT_TRUE(write_file(test_path("f"), bytes));
  const auto file = MappedFile::open(test_path("f"));
  ASSERT_TRUE(file);
  const std::size_t before = file_pages();
  EXPECT_EQ(text_of(*file), bytes);
  const std::size_t read = file_pages();
  EXPECT_GT(read, before + 10'000);
  file->release(file->bytes().subspan(100, (60 << 20) - 100));
  EXPECT_LT(file_pages(), before + 3'000);
  file->release({});
  EXPECT_EQ(text_of(*file), bytes);
}

TEST(MappedFileTest, WhatIsNoFileIsNamed) {
  const auto missing = MappedFile::open(test_path("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kInput);
  EXPECT_THAT(missing.error().message, HasSubstr(test_path("none")));
  const auto folder = MappedFile::open(test_folder());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::kInput);
  EXPECT_THAT(folder.error().message, HasSubstr("no regular file"));
}

}  // namespace
}  // namespace pith
