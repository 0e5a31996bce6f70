#include "pith/formats/parquet.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "pith/base/files.h"

namespace pith {
namespace {

#ifdef PITH_PARQUET_MODULE

// The folder of the running program, "" when the system does not tell.
std::string program_folder() {
  std::array<char, 4096> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return "";
  return parent_folder({path.data(), static_cast<std::size_t>(length)});
}

Result<const ParquetLibrary*> load() {
  // Beside the program, where a build was copied as a whole; else where it was built.
  std::string module = join_path(program_folder(), file_name(PITH_PARQUET_MODULE));
  if (!file_exists(module)) module = PITH_PARQUET_MODULE;
  void* const handle = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return io_error(std::string("[parquet] Apache Arrow, which reads and writes Parquet, cannot be "
                                "loaded; scripts/setup build installs it: ") +
                    ::dlerror());
  }
  using Entry = const ParquetLibrary* (*)();
  void* const entry = ::dlsym(handle, "pith_parquet_library");
  if (entry == nullptr) {
    return io_error("[parquet] " + module + ": is of another build of pith; build again");
  }
  return reinterpret_cast<Entry>(entry)();
}

#else

Result<const ParquetLibrary*> load() {
  return input_error(
      "[parquet] this pith was built without Parquet, for Apache Arrow was not there; run "
      "scripts/setup build and build again, or use JSONL");
}

#endif

}  // namespace

Result<const ParquetLibrary*> parquet_library() {
  static const Result<const ParquetLibrary*> library = load();
  return library;
}

bool is_parquet_file(const std::string& path) {
  if (path.ends_with(".parquet")) return true;
  std::error_code ignored;  // of a pipe nothing is taken
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::array<char, 4> head = {};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  return std::string_view(head.data(), head.size()) == "PAR1";
}

}  // namespace pith
