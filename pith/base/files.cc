#include "pith/base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace pith {
namespace fs = std::filesystem;
namespace {

Error system_error_at(const std::string& path, std::string_view doing, int code) {
  const ErrorKind kind = code == ENOENT || code == ENOTDIR || code == EISDIR || code == EEXIST
                             ? ErrorKind::kInput
                             : ErrorKind::kIo;
  std::string message = path + ": cannot " + std::string(doing) + ": " + std::strerror(code);
  if (code == ENOSPC) message += "; free some space, then run the same command again to go on";
  if (code == EACCES) message += "; check who may read and write it";
  return {kind, std::move(message)};
}

// A path for a message: its beginning and its end, of one that is longer than a screen.
std::string shown(const std::string& path) {
  constexpr std::size_t kMost = 600, kEnd = 200;
  if (path.size() <= kMost) return path;
  return path.substr(0, kMost - kEnd) + " ... " + path.substr(path.size() - kEnd);
}

}  // namespace

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

Result<std::uint64_t> file_size(const std::string& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  if (code) return system_error_at(path, "read its size", code.value());
  return std::uint64_t{size};
}

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  if (is_folder(path)) return input_error(path + ": is a folder, a file was expected");
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return system_error_at(path, "open", errno);
  std::string bytes;
  char buffer[1 << 16];
  while (true) {
    const std::size_t got = std::fread(buffer, 1, sizeof(buffer), file);
    if (bytes.size() + got > max_bytes) {
      std::fclose(file);
      return capacity_error(path + ": is larger than " + std::to_string(max_bytes) + " bytes");
    }
    bytes.append(buffer, got);
    if (got < sizeof(buffer)) break;
  }
  const bool failed = std::ferror(file) != 0;
  const int code = errno;
  std::fclose(file);
  if (failed) return system_error_at(path, "read", code);
  return bytes;
}

// A folder at a time, so that one is open however deep they are nested.
Result<FolderListing> list_folder(const std::string& folder) {
  FolderListing listing;
  std::vector<std::string> folders = {folder};
  while (!folders.empty()) {
    const std::string here = std::move(folders.back());
    folders.pop_back();
    std::error_code code, ignored;
    fs::directory_iterator it(here, code);
    for (; !code && it != fs::directory_iterator(); it.increment(code)) {
      if (it->is_regular_file(ignored)) {
        listing.files.push_back(it->path().string());
      } else if (!it->is_directory(ignored)) {
        ++listing.others;
      } else if (it->is_symlink(ignored)) {
        ++listing.folder_links;
      } else {
        folders.push_back(it->path().string());
      }
    }
    if (code) return system_error_at(shown(here), "list", code.value());
  }
  std::sort(listing.files.begin(), listing.files.end());
  return listing;
}

Result<std::vector<std::string>> list_files(const std::string& folder) {
  PITH_ASSIGN(FolderListing listing, list_folder(folder));
  return std::move(listing.files);
}

Status check_file_or_folder(const std::string& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_regular_file(status) || fs::is_directory(status) || !fs::exists(status)) return {};
  return input_error(path +
                     ": is a pipe, a socket or a device, and a file or folder is needed; save what "
                     "it gives to a file first");
}

Status make_folders(const std::string& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return system_error_at(path, "make this folder", code.value());
  if (!is_folder(path)) return input_error(path + ": is a file, a folder was expected");
  return {};
}

Status remove_tree(const std::string& path) {
  std::error_code code;
  fs::remove_all(path, code);
  if (code) return system_error_at(path, "remove", code.value());
  return {};
}

Status rename_path(const std::string& from, const std::string& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) return system_error_at(to, "put in place", code.value());
  return {};
}

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  if (is_folder(path)) return input_error(path + ": is a folder, a file is due here");
  std::FILE* file = std::fopen((path + ".partial").c_str(), "wb");
  if (file == nullptr) return system_error_at(path, "write", errno);
  return AtomicFile(path, file);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, nullptr)),
      bytes_written_(other.bytes_written_) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(bytes_written_, other.bytes_written_);
  return *this;
}

AtomicFile::~AtomicFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  ::unlink((path_ + ".partial").c_str());
}

Status AtomicFile::write(std::string_view bytes) {
  PITH_CHECK(file_ != nullptr, "write after commit");
  if (bytes.empty()) return {};  // their data() may be null, which fwrite may not be given
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    return system_error_at(path_, "write", errno);
  }
  bytes_written_ += bytes.size();
  return {};
}

Status AtomicFile::write(std::span<const std::byte> bytes) {
  return write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Status AtomicFile::commit() {
  PITH_CHECK(file_ != nullptr, "commit twice");
  const bool flushed = std::fflush(file_) == 0 && ::fsync(::fileno(file_)) == 0;
  const int code = errno;
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  const std::string partial = path_ + ".partial";
  if (!flushed || !closed) {
    ::unlink(partial.c_str());
    return system_error_at(path_, "write", flushed ? errno : code);
  }
  if (std::rename(partial.c_str(), path_.c_str()) != 0) {
    const int rename_code = errno;
    ::unlink(partial.c_str());
    return system_error_at(path_, "put in place", rename_code);
  }
  return {};
}

Status write_file(const std::string& path, std::string_view bytes) {
  PITH_ASSIGN(AtomicFile file, AtomicFile::create(path));
  PITH_TRY(file.write(bytes));
  return file.commit();
}

std::string join_path(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

std::string file_name(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string parent_folder(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const auto slash = path.find_last_of('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace pith
