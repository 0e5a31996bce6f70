#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/result.h"

// Whole files and folders. Every error names the path and what the system said.
// Threads: functions may be called at once from any thread on different paths.
namespace pith {

bool file_exists(const std::string& path);  // anything at all at `path`
bool is_folder(const std::string& path);
Result<std::uint64_t> file_size(const std::string& path);

// The bytes of a file of at most `max_bytes`.
Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes = 1ull << 32);

// What lies under a folder, at any depth.
struct FolderListing {
  std::vector<std::string> files;  // regular ones, or links to them, sorted; begin with the folder
  std::uint64_t folder_links = 0;  // links to folders, which are not followed: they may go round
  std::uint64_t others = 0;        // pipes, sockets, devices, and links that lead nowhere
};
Result<FolderListing> list_folder(const std::string& folder);
Result<std::vector<std::string>> list_files(const std::string& folder);  // only those

// That `path`, which exists, is a regular file or a folder; kInput for a pipe, a socket or a
// device, which cannot be read twice, and may never end.
Status check_file_or_folder(const std::string& path);

Status make_folders(const std::string& path);
Status remove_tree(const std::string& path);  // no error when there is nothing
Status rename_path(const std::string& from, const std::string& to);

// A file that appears under its final name only when whole: written as `path`.partial, flushed to
// disk and renamed by commit(). Destroyed without commit, it leaves nothing behind.
class AtomicFile {
 public:
  static Result<AtomicFile> create(const std::string& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();

  Status write(std::string_view bytes);
  Status write(std::span<const std::byte> bytes);
  std::uint64_t bytes_written() const { return bytes_written_; }
  Status commit();

 private:
  AtomicFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  std::string path_;
  std::FILE* file_ = nullptr;
  std::uint64_t bytes_written_ = 0;
};

// AtomicFile in one call.
Status write_file(const std::string& path, std::string_view bytes);

// "folder/name", without doubling the slash.
std::string join_path(std::string_view folder, std::string_view name);
std::string file_name(std::string_view path);      // last component
std::string parent_folder(std::string_view path);  // "." when there is none

}  // namespace pith
