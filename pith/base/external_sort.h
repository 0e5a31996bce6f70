#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <queue>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "pith/base/result.h"

namespace pith {

// Sorts more values than memory holds (external merge sort). Values are gathered until memory is
// full, sorted, and written behind each other to one file as a part; finish() then opens all parts
// at once and next() takes the least of their heads, so every value is written once and read once.
//
//     ExternalSorter<Key> sorter(path, memory_bytes);
//     for (...) PITH_TRY(sorter.add(key));
//     PITH_TRY(sorter.finish());
//     for (Key key;;) {
//       PITH_ASSIGN(const bool more, sorter.next(key));
//       if (!more) break;
//       ...
//     }
//
// The order is that of operator<. Equal values come in the order of their parts, and within a part
// in any: where operator< does not tell values apart that differ, their order depends on the
// memory. T is copied byte by byte and holds no pointers into what moves.
//
// Memory: `memory_bytes`, while adding (for a moment less than twice that, when what was gathered
// moves to a larger place) and while merging. Each part needs a buffer of 4 KB, so that
// it is more when more than memory_bytes / 4096 parts are written, from memory_bytes^2 / 4096 bytes
// of values on: 1 TB for 64 MB. Time: O(n log n) in all; a merge step costs the logarithm of the
// parts. Disk: all values once, in the machine's byte order; the file at `path` goes away with the
// sorter, and none is made while all values fit into memory.
//
// Errors: kIo with the path when the file cannot be made, written or read (a full disk); the sorter
// is then of no further use. One thread at a time.
template <class T>
class ExternalSorter {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  ExternalSorter(std::string path, std::uint64_t memory_bytes)
      : path_(std::move(path)),
        capacity_(std::max<std::uint64_t>(kLeastBuffer, memory_bytes / sizeof(T))) {}
  ExternalSorter(const ExternalSorter&) = delete;
  ExternalSorter& operator=(const ExternalSorter&) = delete;
  ~ExternalSorter() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }

  Status add(const T& value) {
    if (values_.size() == capacity_) PITH_TRY(spill());
    values_.push_back(value);
    return {};
  }

  // Ends adding; called once, before the first next().
  Status finish() {
    if (parts_.empty()) {
      std::sort(values_.begin(), values_.end());
      return {};
    }
    PITH_TRY(spill());
    values_ = std::vector<T>();
    const std::size_t buffer = std::max<std::size_t>(kLeastBuffer, capacity_ / parts_.size());
    for (Part& part : parts_) {
      part.buffer_values = buffer;
      PITH_TRY(fill(part));
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) heads_.push({parts_[i].buffer[0], i});
    return {};
  }

  // The least that has not been given yet; false when there are no more.
  Result<bool> next(T& out) {
    if (parts_.empty()) {
      if (taken_ == values_.size()) return false;
      out = values_[taken_++];
      return true;
    }
    if (heads_.empty()) return false;
    const Head head = heads_.top();
    heads_.pop();
    out = head.value;
    Part& part = parts_[head.part];
    if (++part.at == part.buffer.size()) PITH_TRY(fill(part));
    if (part.at < part.buffer.size()) heads_.push({part.buffer[part.at], head.part});
    return true;
  }

 private:
  static constexpr std::uint64_t kLeastBuffer = std::max<std::uint64_t>(1, 4096 / sizeof(T));

  // A sorted part of the file; what of it is in memory.
  struct Part {
    std::uint64_t offset, left;  // bytes to begin at, values not yet read
    std::size_t buffer_values = 0, at = 0;
    std::vector<T> buffer;
  };
  struct Head {
    T value;
    std::size_t part;
    bool operator<(const Head& other) const {  // the greatest of a queue is its top
      if (other.value < value) return true;
      return !(value < other.value) && other.part < part;
    }
  };

  Status failed(const char* what) const {
    return io_error("[sort] " + path_ + ": cannot " + what + ": " + std::strerror(errno));
  }

  Status spill() {
    if (descriptor_ < 0) {
      descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      if (descriptor_ < 0) return failed("create");
    }
    std::sort(values_.begin(), values_.end());
    parts_.push_back({.offset = written_, .left = values_.size(), .buffer = {}});
    const auto* from = reinterpret_cast<const char*>(values_.data());
    for (std::size_t left = values_.size() * sizeof(T); left > 0;) {
      const ssize_t put = ::pwrite(descriptor_, from, left, static_cast<off_t>(written_));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return failed("write");
      from += put, left -= static_cast<std::size_t>(put);
      written_ += static_cast<std::uint64_t>(put);
    }
    values_.clear();
    return {};
  }

  Status fill(Part& part) {
    part.buffer.resize(std::min<std::uint64_t>(part.buffer_values, part.left));
    part.at = 0;
    auto* to = reinterpret_cast<char*>(part.buffer.data());
    for (std::size_t left = part.buffer.size() * sizeof(T); left > 0;) {
      const ssize_t got = ::pread(descriptor_, to, left, static_cast<off_t>(part.offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return failed("read");
      to += got, left -= static_cast<std::size_t>(got);
      part.offset += static_cast<std::uint64_t>(got);
    }
    part.left -= part.buffer.size();
    return {};
  }

  const std::string path_;
  const std::uint64_t capacity_;  // values in memory
  std::vector<T> values_;         // of the part being gathered
  std::size_t taken_ = 0;
  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  std::vector<Part> parts_;
  std::priority_queue<Head> heads_;
};

}  // namespace pith
