#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "pith/base/result.h"

namespace pith {

// A regular file mapped read-only. Threads: any number may read. Lifetime: spans end with it;
// moving it keeps them. A file that another program shortens meanwhile ends the process (SIGBUS),
// as with every mapping; pith replaces files whole, so its own are safe.
class MappedFile {
 public:
  // Errors name the path: kInput when there is none or it is no regular file, else kIo.
  static Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

  // Gives back the resident memory of `part`, a part of bytes() that is not needed any more; read
  // again, it comes from the file again.
  void release(std::span<const std::byte> part) const;

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

}  // namespace pith
