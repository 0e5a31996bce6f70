#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "pith/base/byte_stream.h"

// For tests only: the files that they read.
namespace pith {

// A file of the source tree, which PITH_SOURCE names (ctest sets it); else the test was started
// there.
inline std::string test_source(std::string_view name) {
  const char* const source = std::getenv("PITH_SOURCE");
  return (source != nullptr ? std::string(source) : ".") + "/" + std::string(name);
}

// A file of the optional data folder, which is too large to lie in the source tree: PITH_DATA names
// it, else it is ../shared/data beside the source tree. A test that does not find it skips.
inline std::string test_data(std::string_view name) {
  const char* const data = std::getenv("PITH_DATA");
  return (data != nullptr ? std::string(data) : test_source("../shared/data")) + "/" +
         std::string(name);
}

// The files in an archive of that folder (.tar, .tar.gz or .tar.zst) whose names contain `part`, by
// name; nothing when the archive is not there.
inline std::map<std::string, std::string> test_archive(std::string_view name,
                                                       std::string_view part) {
  std::map<std::string, std::string> files;
  auto source = open_decompressed(test_data(name));
  if (!source) return files;
  const auto read = [&](std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const auto count = (*source)->read(std::span<char>(bytes.data() + got, size - got));
      if (!count || *count == 0) break;
      got += *count;
    }
    bytes.resize(got);
    return bytes;
  };
  for (;;) {
    const std::string header = read(512);
    if (header.size() < 512 || header[0] == '\0') return files;
    const std::string file = header.substr(0, 100).c_str();
    const std::size_t size = std::strtoull(header.substr(124, 12).c_str(), nullptr, 8);
    const bool regular = header[156] == '0' || header[156] == '\0';
    std::string body = read((size + 511) / 512 * 512);
    body.resize(std::min(size, body.size()));
    if (regular && file.find(part) != std::string::npos) files[file] = std::move(body);
  }
}

}  // namespace pith
