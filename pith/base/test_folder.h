#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

// For tests only: where they write. One thread at a time.
namespace pith {

// A new, empty folder that only the running test has: tests run side by side, in one process and in
// several, and the same test may run twice. It goes away with the process.
inline std::string test_folder() {
  struct Folder {
    std::string path = testing::TempDir() + "pith_test_XXXXXX";
    const pid_t owner = ::getpid();
    Folder() {
      if (::mkdtemp(path.data()) == nullptr) std::perror(path.c_str()), std::abort();
    }
    ~Folder() {
      std::error_code error;
      if (owner == ::getpid()) std::filesystem::remove_all(path, error);  // not in a fork's child
    }
  };
  static std::map<const testing::TestInfo*, Folder> folders;
  return folders[testing::UnitTest::GetInstance()->current_test_info()].path;
}

// A path in it, where nothing is at first.
inline std::string test_path(std::string_view name) {
  return test_folder() + "/" + std::string(name);
}

}  // namespace pith
