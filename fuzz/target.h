#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

#include "pith/base/byte_stream.h"
#include "pith/base/check.h"

// What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(), which reads some
// bytes as pith reads them and checks with PITH_CHECK what must hold of any bytes; a failed check,
// a sanitizer's finding and a crash are all the same to it. docs/fuzzing.md says how they are run.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace pith::fuzz {

// The bytes of an input, taken from the front. Where a target can do several things, the first byte
// is a letter that says which, so that a seed can be written with an editor.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : bytes_(reinterpret_cast<const char*>(data), size) {}

  char letter() {
    if (bytes_.empty()) return '\0';
    const char first = bytes_.front();
    bytes_.remove_prefix(1);
    return first;
  }
  // A number from 1 to `most`, of the next byte.
  std::size_t number(std::size_t most) { return 1 + static_cast<unsigned char>(letter()) % most; }
  // The next line without its newline.
  std::string_view line() {
    const std::size_t end = std::min(bytes_.find('\n'), bytes_.size());
    const std::string_view line = bytes_.substr(0, end);
    bytes_.remove_prefix(std::min(end + 1, bytes_.size()));
    return line;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// Whether `part` is a view into `whole`; an empty view lies anywhere.
inline bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Bytes in memory that come at most `piece` at a time, as from a slow pipe.
class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min({buffer.size(), piece_, bytes_.size() - at_});
    if (count > 0) std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t file_offset() const override { return at_; }

 private:
  const std::string_view bytes_;
  const std::size_t piece_;
  std::size_t at_ = 0;
};

// A folder in memory for readers that want a path. It goes away with the process.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    path_ = std::filesystem::is_directory("/dev/shm", error)
                ? "/dev/shm"
                : std::filesystem::temp_directory_path(error).string();
    path_ += "/pith_fuzz_XXXXXX";
    PITH_CHECK(::mkdtemp(path_.data()) != nullptr, path_);
  }
  ~ScratchFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  // Replaces the file `name`; returns its path.
  std::string write(std::string_view name, std::string_view bytes) const {
    std::string path = path_ + "/" + std::string(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

 private:
  std::string path_;
};

// The scratch folder of a target that needs only one.
inline const ScratchFolder& scratch() {
  static const ScratchFolder folder;
  return folder;
}

// What a target does with an input, by its first letter; '\0' is what any other letter gets.
struct Check {
  char letter;
  void (*run)(Input input);  // what comes behind the letter
};

// LLVMFuzzerTestOneInput() of a target that checks several things. One of `checks` has '\0'.
inline int run_checks(const std::uint8_t* data, std::size_t size,
                      std::initializer_list<Check> checks) {
  Input input(data, size);
  const char letter = input.letter();
  for (const Check& check : checks) {
    if (check.letter != letter && check.letter != '\0') continue;
    check.run(input);
    break;
  }
  return 0;
}

}  // namespace pith::fuzz
