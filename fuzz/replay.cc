// The main of a fuzz target where there is no libFuzzer: runs the target over files and over all
// files of folders, so that every build tests that the corpus still passes.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/target.h"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    if (path.starts_with("-")) continue;  // an option of libFuzzer
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  for (const std::string& path : files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "%s: cannot read it\n", path.c_str());
      return 2;
    }
    std::printf("%s\n", path.c_str());  // the last one printed is the one that failed
    std::fflush(stdout);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    // A copy of exactly this size, so that a read beyond it is seen.
    const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%zu inputs passed\n", files.size());
  return files.empty() ? 2 : 0;
}
